import java.io.*;

public class Main {
    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        int n = Integer.parseInt(in.readLine().trim());
        String[] names = new String[n];
        for (int i = 0; i < n; i++) names[i] = in.readLine().trim();

        int people = 0, mostLines = 0;
        // Your idea goes here.

        System.out.println(people + " " + mostLines);
    }
}
