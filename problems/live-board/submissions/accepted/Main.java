import java.io.*;
import java.util.*;

public class Main {
    static int[] scores;
    static int[] counts;
    static long[] sums;

    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        StringTokenizer words = new StringTokenizer(in.readLine());
        int n = Integer.parseInt(words.nextToken()), q = Integer.parseInt(words.nextToken());
        String[][] lines = new String[q][];
        TreeSet<Integer> different = new TreeSet<>(Comparator.reverseOrder());
        different.add(0);
        for (int j = 0; j < q; j++) {
            lines[j] = in.readLine().trim().split(" ");
            if (lines[j][0].equals("set")) different.add(Integer.parseInt(lines[j][2]));
        }
        scores = different.stream().mapToInt(Integer::intValue).toArray();
        Map<Integer, Integer> numberOf = new HashMap<>();
        for (int score : scores) numberOf.put(score, numberOf.size() + 1);
        counts = new int[scores.length + 1];
        sums = new long[scores.length + 1];
        add(scores.length, n);
        int[] held = new int[n + 1];
        Arrays.fill(held, scores.length);
        Deque<int[]> before = new ArrayDeque<>();
        StringBuilder out = new StringBuilder();
        for (String[] line : lines) {
            switch (line[0]) {
                case "set" -> {
                    int member = Integer.parseInt(line[1]);
                    before.push(new int[] {member, held[member]});
                    move(held, member, numberOf.get(Integer.parseInt(line[2])));
                }
                case "undo" -> {
                    int[] change = before.pop();
                    move(held, change[0], change[1]);
                }
                case "place" -> out.append(1 + membersAbove(held[Integer.parseInt(line[1])])).append('\n');
                default -> out.append(sumOfTop(Integer.parseInt(line[1]))).append('\n');
            }
        }
        System.out.print(out);
    }

    static void move(int[] held, int member, int number) {
        add(held[member], -1);
        add(number, 1);
        held[member] = number;
    }

    static void add(int number, int members) {
        long points = (long) members * scores[number - 1];
        for (; number < counts.length; number += number & -number) {
            counts[number] += members;
            sums[number] += points;
        }
    }

    static int membersAbove(int number) {
        int members = 0;
        for (number--; number > 0; number &= number - 1) members += counts[number];
        return members;
    }

    static long sumOfTop(int members) {
        int number = 0;
        long points = 0;
        for (int bit = Integer.highestOneBit(scores.length); bit > 0; bit >>= 1) {
            int beyond = number + bit;
            if (beyond >= counts.length || counts[beyond] > members) continue;
            number = beyond;
            members -= counts[beyond];
            points += sums[beyond];
        }
        return members == 0 ? points : points + (long) members * scores[number];
    }
}
