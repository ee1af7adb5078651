import java.util.ArrayList;

public class Main {
    public static void main(String[] arguments) {
        ArrayList<byte[]> held = new ArrayList<>();
        while (true) held.add(new byte[1000000]);
    }
}
