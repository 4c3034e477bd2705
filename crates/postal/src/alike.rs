//! How alike two pieces of text are: edit distance, and the key in which characters that scanners confuse are one.

/// The text with characters that scanners and eyes confuse made one: `0/O/Q`, `1/I/L`, `5/S`, `8/B`, `6/G`, `2/Z`,
/// `U/V`, `E/F`, `H/N`, `RN/M`, `VV/W`, `CL/D`. Only letters and digits remain.
pub(crate) fn collapsed(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for c in text.chars() {
        let one = match c {
            '0' | 'Q' => 'O',
            '1' | 'L' => 'I',
            '5' => 'S',
            '8' => 'B',
            '6' => 'G',
            '2' => 'Z',
            'V' => 'U',
            'F' => 'E',
            'H' => 'N',
            c if c.is_ascii_alphanumeric() => c,
            _ => continue,
        };
        // A written N only: the H of `NORTH` makes no M.
        let pair = match (key.chars().next_back(), if c == 'H' { c } else { one }) {
            (Some('R'), 'N') => Some('M'),
            (Some('U'), 'U') => Some('W'),
            (Some('C'), 'I') => Some('D'),
            _ => None,
        };
        if let Some(joined) = pair {
            key.pop();
            key.push(joined);
        } else {
            key.push(one);
        }
    }
    key
}

/// The edits that a key of `length` letters may be away.
pub(crate) fn allowed_edits(length: usize) -> usize {
    match length {
        0..=3 => 0,
        4..=5 => 1,
        6..=11 => 2,
        _ => 3,
    }
}

/// Whether one insertion, deletion, substitution or swap of neighbours turns `a` into `b` (equal texts: false).
pub(crate) fn one_edit_apart(a: &str, b: &str) -> bool {
    a != b && distance_within(a.as_bytes(), b.as_bytes(), 1).is_some()
}

/// The number of edits (insert, delete, substitute, swap neighbours) from `a` to `b`, if at most `limit`.
pub(crate) fn distance_within(a: &[u8], b: &[u8], limit: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > limit {
        return None;
    }
    let shared = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[shared..], &b[shared..]);
    let shared = a
        .iter()
        .rev()
        .zip(b.iter().rev())
        .take_while(|(x, y)| x == y)
        .count();
    let (a, b) = (&a[..a.len() - shared], &b[..b.len() - shared]);
    if a.is_empty() || b.is_empty() {
        let rest = a.len().max(b.len());
        return (rest <= limit).then_some(rest);
    }
    if limit == 0 {
        return None;
    }
    full_distance(a, b, limit)
}

/// Optimal string alignment over three rows; gives up as soon as a row lies above the limit.
fn full_distance(a: &[u8], b: &[u8], limit: usize) -> Option<usize> {
    const WIDTH: usize = 64;
    if a.len() >= WIDTH || b.len() >= WIDTH {
        return None;
    }
    let mut before = [0_usize; WIDTH];
    let mut above = [0_usize; WIDTH];
    let mut row = [0_usize; WIDTH];
    for (j, cell) in above.iter_mut().enumerate().take(b.len() + 1) {
        *cell = j;
    }
    for i in 1..=a.len() {
        row[0] = i;
        let mut least = i;
        for j in 1..=b.len() {
            let same = usize::from(a[i - 1] != b[j - 1]);
            let mut cost = (above[j - 1] + same).min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                cost = cost.min(before[j - 2] + 1);
            }
            row[j] = cost;
            least = least.min(cost);
        }
        if least > limit {
            return None;
        }
        std::mem::swap(&mut before, &mut above);
        std::mem::swap(&mut above, &mut row);
    }
    Some(above[b.len()]).filter(|&cost| cost <= limit)
}
