import java.io.*;

public class Main {
    public static void main(String[] args) throws IOException {
        String ring = new BufferedReader(new InputStreamReader(System.in)).readLine().trim();

        int length = 0;
        char letter = 'a';
        // Your idea goes here.

        System.out.println(length + " " + letter);
    }
}
