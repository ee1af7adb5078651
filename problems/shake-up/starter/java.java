import java.io.*;
import java.util.*;

public class Main {
    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        int n = Integer.parseInt(in.readLine().trim());
        String[] names = new String[n];
        int[] before = new int[n], after = new int[n];
        for (int i = 0; i < n; i++) {
            StringTokenizer words = new StringTokenizer(in.readLine());
            names[i] = words.nextToken();
            before[i] = Integer.parseInt(words.nextToken());
            after[i] = Integer.parseInt(words.nextToken());
        }

        int climb = 0;
        String name = names[0];
        // Your idea goes here.

        System.out.println(climb + " " + name);
    }
}
