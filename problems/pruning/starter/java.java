import java.io.*;

public class Main {
    static final StreamTokenizer in = new StreamTokenizer(new BufferedReader(new InputStreamReader(System.in)));

    public static void main(String[] args) throws IOException {
        int n = next(), m = next(), alpha = next();
        int[] parent = new int[n + 1], leaf = new int[m], label = new int[m];
        for (int i = 2; i <= n; i++) parent[i] = next();
        for (int j = 0; j < m; j++) {
            leaf[j] = next();
            label[j] = next();
        }

        long cost = 0;
        // Your idea goes here.

        System.out.println(cost);
    }

    static int next() throws IOException {
        in.nextToken();
        return (int) in.nval;
    }
}
