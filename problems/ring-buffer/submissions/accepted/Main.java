import java.io.*;

public class Main {
    public static void main(String[] args) throws IOException {
        String ring = new BufferedReader(new InputStreamReader(System.in)).readLine().trim();
        int n = ring.length();
        int[] longest = new int[26];
        int run = 0;
        for (int i = 0; i < 2 * n; i++) {
            char here = ring.charAt(i % n);
            run = i > 0 && here == ring.charAt((i - 1) % n) ? Math.min(run + 1, n) : 1;
            longest[here - 'a'] = Math.max(longest[here - 'a'], run);
        }
        int best = 0;
        for (int letter = 1; letter < 26; letter++) {
            if (longest[letter] > longest[best]) best = letter;
        }
        System.out.println(longest[best] + " " + (char) ('a' + best));
    }
}
