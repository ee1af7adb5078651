import java.io.*;

public class Main {
    static final StreamTokenizer in = new StreamTokenizer(new BufferedReader(new InputStreamReader(System.in)));

    public static void main(String[] args) throws IOException {
        int n = next(), patience = next();
        long[] least = new long[n + 1];
        int[] queue = new int[n + 1];
        int first = 0, behind = 1;
        for (int epoch = 1; epoch <= n; epoch++) {
            if (queue[first] < epoch - patience) first++;
            least[epoch] = least[queue[first]] + next();
            while (behind > first && least[queue[behind - 1]] >= least[epoch]) behind--;
            queue[behind++] = epoch;
        }
        System.out.println(least[n]);
    }

    static int next() throws IOException {
        in.nextToken();
        return (int) in.nval;
    }
}
