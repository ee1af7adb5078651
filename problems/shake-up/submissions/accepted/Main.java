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
        Map<Integer, Integer> open = places(before), hidden = places(after);
        int best = -n;
        String team = "";
        for (int i = 0; i < n; i++) {
            int climb = open.get(before[i]) - hidden.get(after[i]);
            if (climb > best || (climb == best && names[i].compareTo(team) < 0)) {
                best = climb;
                team = names[i];
            }
        }
        System.out.println(best + " " + team);
    }

    static Map<Integer, Integer> places(int[] scores) {
        int[] ascending = scores.clone();
        Arrays.sort(ascending);
        Map<Integer, Integer> places = new HashMap<>();
        for (int i = ascending.length - 1; i >= 0; i--) places.putIfAbsent(ascending[i], ascending.length - i);
        return places;
    }
}
