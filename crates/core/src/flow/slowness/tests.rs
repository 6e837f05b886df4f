use super::{Growth, growth};

#[track_caller]
fn check(cases: &[(&str, Growth)]) {
    for (source, expected) in cases {
        assert_eq!(growth(source, "", false, false), *expected, "{source}");
    }
}

#[test]
fn loops_in_loops() {
    use Growth::{Exponential, Linear};
    check(&[
        ("^(a+)+$", Exponential),
        ("^(a*)*b", Exponential),
        ("^(a|a)*$", Exponential),
        ("^(a|aa)+$", Exponential),
        ("^([a-z]|[a-m0-9])*!", Exponential),
        ("^([a-zA-Z0-9]+\\s?)*$", Exponential),
        (r"^(\w+\.?)+@", Exponential),
        (r"^([a-z0-9]+([\-a-z0-9]*[a-z0-9]+)?\.){0,}([a-z0-9]+){1,63}(\.[a-z0-9]{2,7})+$", Exponential),
        (r"^(\d{1,3})*x", Exponential),
        ("^(a+b)+$", Linear),
        ("^(a|b)*$", Linear),
        (r"^(\w+\s)*$", Linear),
        (r"^([a-z]+\.)+[a-z]{2,}$", Linear),
        ("^(?:[^\"\\\\]|\\\\.)*\"", Linear),
    ]);
}

#[test]
fn loops_behind_loops() {
    use Growth::{Linear, Polynomial};
    check(&[
        (r"\s+$", Polynomial(2)),
        (r"^\s+|\s+$", Polynomial(2)),
        (r"^\s*(.*)\s*;", Polynomial(3)),
        (r"^(.*),(.*),(.*)$", Polynomial(3)),
        (r"\d+x", Polynomial(2)),
        (r"(^|,)\d+x", Linear),
        (r"^\d+x", Linear),
        (r"^\s+", Linear),
        (r"^[a-z]+-[0-9]+$", Linear),
        (r"^[^,]+,[^,]+,[^,]+$", Linear),
        (r"[a-z]+", Linear),
    ]);
}

#[test]
fn nothing_fails_behind_the_loop() {
    check(&[("^(a+)+", Growth::Linear), ("(a|a)*", Growth::Linear), ("^(.*)(.*)", Growth::Linear)]);
}

#[test]
fn how_the_match_is_asked_for() {
    assert_eq!(growth("(a+)+", "", true, true), Growth::Exponential);
    assert_eq!(growth(r"\d+x", "", true, false), Growth::Linear);
    assert_eq!(growth("^([a-z]|[A-Z])*$", "i", false, false), Growth::Exponential);
    assert_eq!(growth("^([a-z]|[A-Z])*$", "", false, false), Growth::Linear);
}

#[test]
fn what_is_not_understood_is_quick() {
    for source in [r"(a)\1+(a+)+$", "(?>a+)+$", "a++", "(a", "[z-a]+x", "*", &"(".repeat(3000)] {
        assert_eq!(growth(source, "", false, false), Growth::Linear, "{source}");
    }
    let long = format!("^({})*$", "ab?".repeat(300));
    assert_eq!(growth(&long, "", false, false), Growth::Linear);
}
