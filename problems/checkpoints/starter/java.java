import java.io.*;

public class Main {
    static final StreamTokenizer in = new StreamTokenizer(new BufferedReader(new InputStreamReader(System.in)));

    public static void main(String[] args) throws IOException {
        int n = next(), k = next();
        int[] costs = new int[n];
        for (int i = 0; i < n; i++) costs[i] = next();

        long least = 0;
        // Your idea goes here.

        System.out.println(least);
    }

    static int next() throws IOException {
        in.nextToken();
        return (int) in.nval;
    }
}
