import java.io.*;

public class Main {
    public static void main(String[] args) throws IOException {
        StreamTokenizer in = new StreamTokenizer(new BufferedReader(new InputStreamReader(System.in)));
        in.nextToken();
        int n = (int) in.nval;
        in.nextToken();
        int patience = (int) in.nval;
        int[] losses = new int[n];
        for (int i = 0; i < n; i++) {
            in.nextToken();
            losses[i] = (int) in.nval;
        }

        int lastEpoch = 1, bestEpoch = 1;
        // Your idea goes here.

        System.out.println(lastEpoch + " " + bestEpoch);
    }
}
