import java.io.IOException;

public class Main {
    public static void main(String[] arguments) {
        try {
            new ProcessBuilder("/bin/true").start();
            System.out.println("it could start a program");
        } catch (IOException refused) {
            System.out.println("held");
        }
    }
}
