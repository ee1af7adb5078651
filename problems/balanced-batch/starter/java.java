import java.io.*;

public class Main {
    static StreamTokenizer in = new StreamTokenizer(new BufferedReader(new InputStreamReader(System.in)));

    public static void main(String[] args) throws IOException {
        int n = next(), k = next(), m = next();
        int[] examples = new int[n];
        for (int i = 0; i < n; i++) examples[i] = next();

        int shortest = -1;
        // Your idea goes here.

        System.out.println(shortest);
    }

    static int next() throws IOException {
        in.nextToken();
        return (int) in.nval;
    }
}
