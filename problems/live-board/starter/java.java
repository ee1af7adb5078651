import java.io.*;

public class Main {
    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        String[] head = in.readLine().trim().split(" ");
        int n = Integer.parseInt(head[0]), q = Integer.parseInt(head[1]);
        StringBuilder out = new StringBuilder();
        for (int j = 0; j < q; j++) {
            String[] line = in.readLine().trim().split(" ");
            if (line[0].equals("place") || line[0].equals("top")) {
                // Your idea goes here, and for "set" and "undo" beside it.
                out.append(0).append('\n');
            }
        }
        System.out.print(out);
    }
}
