//! A label as PDF, of the size that label printers take (102 by 51 mm). It is written by hand: one page, two fonts that
//! every reader has, and the code as bars (Code 39), so that a scanner reads it back.

use std::fmt::Write as _;

/// What stands on a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The code.
    pub code: String,
    /// The prison's name.
    pub prison: String,
    /// The day on which the letter was put on the shelf, in words.
    pub day: String,
    /// That it stays on the shelf.
    pub stays: String,
}

/// Width and height, in points.
const SIZE: (u32, u32) = (289, 145);
/// The width of a narrow bar, in points; a wide one has three times that.
const NARROW: f32 = 1.1;

/// The characters of Code 39 that a shelf code or its ends may have: five bars and the four spaces between them, `w`
/// for a wide one.
const CODE_39: [(char, &[u8; 9]); 37] = [
    ('0', b"nnnwwnwnn"),
    ('1', b"wnnwnnnnw"),
    ('2', b"nnwwnnnnw"),
    ('3', b"wnwwnnnnn"),
    ('4', b"nnnwwnnnw"),
    ('5', b"wnnwwnnnn"),
    ('6', b"nnwwwnnnn"),
    ('7', b"nnnwnnwnw"),
    ('8', b"wnnwnnwnn"),
    ('9', b"nnwwnnwnn"),
    ('A', b"wnnnnwnnw"),
    ('B', b"nnwnnwnnw"),
    ('C', b"wnwnnwnnn"),
    ('D', b"nnnnwwnnw"),
    ('E', b"wnnnwwnnn"),
    ('F', b"nnwnwwnnn"),
    ('G', b"nnnnnwwnw"),
    ('H', b"wnnnnwwnn"),
    ('I', b"nnwnnwwnn"),
    ('J', b"nnnnwwwnn"),
    ('K', b"wnnnnnnww"),
    ('L', b"nnwnnnnww"),
    ('M', b"wnwnnnnwn"),
    ('N', b"nnnnwnnww"),
    ('O', b"wnnnwnnwn"),
    ('P', b"nnwnwnnwn"),
    ('Q', b"nnnnnnwww"),
    ('R', b"wnnnnnwwn"),
    ('S', b"nnwnnnwwn"),
    ('T', b"nnnnwnwwn"),
    ('U', b"wwnnnnnnw"),
    ('V', b"nwwnnnnnw"),
    ('W', b"wwwnnnnnn"),
    ('X', b"nwnnwnnnw"),
    ('Y', b"wwnnwnnnn"),
    ('Z', b"nwwnwnnnn"),
    ('*', b"nwnnwnwnn"),
];

/// The label as a PDF file.
pub fn label_pdf(label: &Label) -> Vec<u8> {
    let content = content(label);
    let (width, height) = SIZE;
    let objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents 6 0 R \
             /Resources << /Font << /Plain 4 0 R /Bold 5 0 R >> >> >>"
        )
        .into_bytes(),
        font("Helvetica"),
        font("Helvetica-Bold"),
        [
            format!("<< /Length {} >>\nstream\n", content.len()).as_bytes(),
            &content,
            b"\nendstream",
        ]
        .concat(),
    ];
    file(&objects)
}

fn font(name: &str) -> Vec<u8> {
    format!("<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>").into_bytes()
}

/// The objects one after the other, and the table that says where each begins.
fn file(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut pdf = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for (object, number) in objects.iter().zip(1..) {
        places.push(pdf.len());
        pdf.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
        pdf.extend_from_slice(object);
        pdf.extend_from_slice(b"\nendobj\n");
    }
    let (table, count) = (pdf.len(), objects.len() + 1);
    let places: String = places
        .iter()
        .map(|place| format!("{place:010} 00000 n \n"))
        .collect();
    let end = format!(
        "xref\n0 {count}\n0000000000 65535 f \n{places}trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n"
    );
    pdf.extend_from_slice(end.as_bytes());
    pdf
}

fn content(label: &Label) -> Vec<u8> {
    let mut content = Vec::new();
    let mut line = |font: &str, size: u32, at: u32, words: &str| {
        content.extend_from_slice(format!("BT /{font} {size} Tf 14 {at} Td (").as_bytes());
        content.extend_from_slice(&escaped(words));
        content.extend_from_slice(b") Tj ET\n");
    };
    line("Bold", 34, 106, &label.code);
    line("Plain", 11, 88, &label.prison);
    line("Plain", 11, 74, &label.day);
    line("Bold", 11, 12, &label.stays);
    content.extend_from_slice(bars(&label.code).as_bytes());
    content
}

/// The code between two stars, as filled rectangles.
fn bars(code: &str) -> String {
    let mut drawn = String::new();
    let mut x = 14.0_f32;
    for character in std::iter::once('*')
        .chain(code.chars())
        .chain(std::iter::once('*'))
    {
        let Some((_, widths)) = CODE_39.iter().find(|(known, _)| *known == character) else {
            continue;
        };
        for (n, width) in widths.iter().enumerate() {
            let width = if *width == b'w' { 3.0 * NARROW } else { NARROW };
            if n % 2 == 0 {
                // Writing to a string cannot fail.
                let _ = writeln!(drawn, "{x:.2} 30 {width:.2} 34 re f");
            }
            x += width;
        }
        x += NARROW;
    }
    drawn
}

/// Words as a PDF string in the encoding of the fonts; what that does not have becomes a question mark.
fn escaped(words: &str) -> Vec<u8> {
    words
        .chars()
        .flat_map(|character| match character {
            '(' | ')' | '\\' => vec![b'\\', u8::try_from(character).unwrap_or(b'?')],
            '\u{2019}' => vec![0x92],
            'Ŵ' => vec![b'W'],
            'ŵ' => vec![b'w'],
            'Ŷ' => vec![b'Y'],
            'ŷ' => vec![b'y'],
            other => vec![u8::try_from(other).unwrap_or(b'?')],
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label() -> Label {
        Label {
            code: "K7QM2V".to_owned(),
            prison: "Leeds (HMP)".to_owned(),
            day: "On the shelf since 2026-11-26".to_owned(),
            stays: "Stays on the shelf".to_owned(),
        }
    }

    #[test]
    fn the_table_of_a_label_says_where_each_object_begins() {
        let pdf = label_pdf(&label());
        let text = String::from_utf8_lossy(&pdf);
        let table = text.split("startxref\n").nth(1).unwrap().lines().next().unwrap();
        assert!(text[table.parse::<usize>().unwrap()..].starts_with("xref\n0 7\n"));
        let places = text.lines().filter(|line| line.ends_with(" 00000 n "));
        let places: Vec<usize> = places.map(|line| line[..10].parse().unwrap()).collect();
        assert_eq!(places.len(), 6);
        for (place, number) in places.into_iter().zip(1..) {
            assert!(text[place..].starts_with(&format!("{number} 0 obj")), "{number}");
        }
        assert!(text.contains("(K7QM2V)") && text.contains("(Leeds \\(HMP\\))"));
    }

    #[test]
    fn a_code_is_drawn_as_five_bars_for_each_character_and_each_end() {
        assert_eq!(bars("K7QM2V").matches(" re f").count(), 8 * 5);
        for (character, widths) in CODE_39 {
            assert_eq!(
                widths.iter().filter(|width| **width == b'w').count(),
                3,
                "{character}"
            );
        }
    }
}
