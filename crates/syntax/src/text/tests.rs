use super::decode;

#[test]
fn every_encoding_gives_the_same_text() {
    let text = "# coding: latin-1\nä = 'b'\n";
    let utf16 = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let latin1: Vec<u8> = text.chars().map(|it| u8::try_from(u32::from(it)).expect("the text is Latin-1")).collect();
    for bytes in [
        text.as_bytes().to_vec(),
        [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        [b"\xff\xfe".to_vec(), utf16(u16::to_le_bytes)].concat(),
        [b"\xfe\xff".to_vec(), utf16(u16::to_be_bytes)].concat(),
        latin1,
    ] {
        let decoded = decode(&bytes);
        assert_eq!((decoded.text.as_str(), decoded.problem), (text, None), "{bytes:?}");
    }
    for bytes in [u16::to_le_bytes, u16::to_be_bytes] {
        let bytes: Vec<u8> = "import a".encode_utf16().flat_map(bytes).collect();
        assert_eq!(decode(&bytes).text, "import a");
    }
}

#[test]
fn what_cannot_be_read_is_replaced_and_said() {
    let cases: [(&[u8], &str, &str); 4] = [
        (b"a\xffb", "a\u{fffd}b", "bytes that are not UTF-8 were replaced"),
        (b"# coding: utf-8\n\xff", "# coding: utf-8\n\u{fffd}", "bytes that are not UTF-8 were replaced"),
        (b"a\0b", "a b", "NUL bytes were read as spaces"),
        (b"\xff\xfea\0\x00\xd8", "a\u{fffd}", "parts that are not UTF-16 were replaced"),
    ];
    for (bytes, text, problem) in cases {
        let decoded = decode(bytes);
        assert_eq!((decoded.text.as_str(), decoded.problem), (text, Some(problem)));
    }
}

#[test]
fn line_breaks_stay_as_they_are() {
    assert_eq!(decode(b"a\r\nb\rc\n").text, "a\r\nb\rc\n");
    assert_eq!(decode(b"").text, "");
}
