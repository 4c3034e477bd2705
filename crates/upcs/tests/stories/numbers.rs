//! Numbers that nobody has (Ofcom's ranges for drama), and the ways of writing one.

/// The ranges of a thousand numbers each: what stands before the last three digits.
const RANGES: [&str; 15] = [
    "07700 900",
    "01632 960",
    "0113 496 0",
    "0114 496 0",
    "0115 496 0",
    "0116 496 0",
    "0117 496 0",
    "0118 496 0",
    "0121 496 0",
    "0131 496 0",
    "0141 496 0",
    "0151 496 0",
    "0161 496 0",
    "020 7946 0",
    "029 2018 0",
];

/// How many numbers there are.
pub(crate) const COUNT: usize = RANGES.len() * 1000;

/// Number `at`, as it is written at home; neighbours come from different ranges.
pub(crate) fn drama(at: usize) -> String {
    format!("{}{:03}", RANGES[at % RANGES.len()], at / RANGES.len() % 1000)
}

/// So many numbers from `first` on.
pub(crate) fn several(first: usize, count: usize) -> Vec<String> {
    (first..first + count).map(drama).collect()
}

/// Its digits as they are dialled at home.
pub(crate) fn digits(national: &str) -> String {
    national.chars().filter(char::is_ascii_digit).collect()
}

/// The ways in which a number can be dialled or written, by habit or to get round a bar.
pub(crate) fn forms(national: &str) -> Vec<String> {
    let digits = digits(national);
    let rest = &digits[1..];
    let apart = |sign: &str| digits.chars().map(String::from).collect::<Vec<_>>().join(sign);
    vec![
        digits.clone(),
        national.to_owned(),
        format!("+44{rest}"),
        format!("+44 (0) {rest}"),
        format!("+44-{rest}"),
        format!("0044{rest}"),
        format!("0044 (0){rest}"),
        format!("44{rest}"),
        format!("141{digits}"),
        format!("141 {national}"),
        format!("1470{digits}"),
        format!("1280 141 {digits}"),
        format!("18001{digits}"),
        format!("141 0044{rest}"),
        format!("141 +44{rest}"),
        format!("({}) {}", &digits[..5], &digits[5..]),
        apart(" "),
        apart("-"),
        apart("."),
    ]
}
