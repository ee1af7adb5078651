import java.util.Scanner;

public class Main {
    public static void main(String[] arguments) {
        System.out.println(2 * new Scanner(System.in).nextLong());
    }
}
