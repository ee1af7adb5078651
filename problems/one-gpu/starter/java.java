import java.io.*;

public class Main {
    public static void main(String[] args) throws IOException {
        StreamTokenizer in = new StreamTokenizer(new BufferedReader(new InputStreamReader(System.in)));
        in.nextToken();
        int n = (int) in.nval;
        int[] minutes = new int[n], deadline = new int[n];
        for (int i = 0; i < n; i++) {
            in.nextToken();
            minutes[i] = (int) in.nval;
            in.nextToken();
            deadline[i] = (int) in.nval;
        }

        int inTime = 0;
        // Your idea goes here.

        System.out.println(inTime);
    }
}
