import java.io.*;

public class Main {
    static final StreamTokenizer in = new StreamTokenizer(new BufferedReader(new InputStreamReader(System.in)));

    public static void main(String[] args) throws IOException {
        int n = next(), r = next();
        long[] x = new long[n], y = new long[n];
        for (int i = 0; i < n; i++) {
            x[i] = next();
            y[i] = next();
        }

        double length = 0, area = 0;
        // Your idea goes here.

        System.out.printf("%.9f %.9f%n", length, area);
    }

    static int next() throws IOException {
        in.nextToken();
        return (int) in.nval;
    }
}
