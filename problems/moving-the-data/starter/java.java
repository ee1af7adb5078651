import java.io.*;

public class Main {
    static final StreamTokenizer in = new StreamTokenizer(new BufferedReader(new InputStreamReader(System.in)));

    public static void main(String[] args) throws IOException {
        int n = next(), m = next(), k = next();
        int[] a = new int[m], b = new int[m], w = new int[m];
        for (int i = 0; i < m; i++) {
            a[i] = next();
            b[i] = next();
            w[i] = next();
        }

        long minutes = -1;
        // Your idea goes here.

        System.out.println(minutes);
    }

    static int next() throws IOException {
        in.nextToken();
        return (int) in.nval;
    }
}
