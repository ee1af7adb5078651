import java.util.Scanner;

public class Main {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        long x0 = in.nextLong(), a = in.nextLong(), c = in.nextLong(), m = in.nextLong();
        int q = in.nextInt();
        StringBuilder out = new StringBuilder();
        for (int j = 0; j < q; j++) {
            long t = in.nextLong();

            long x = x0;
            // Your idea goes here.

            out.append(x).append('\n');
        }
        System.out.print(out);
    }
}
