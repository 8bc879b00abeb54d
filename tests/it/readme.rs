//! The README promises settings; this holds it to the code.

/// The keys as `src/config/source.rs` declares them, in the order of the file.
fn keys() -> Vec<String> {
    let source = std::fs::read_to_string("src/config/source.rs").unwrap();
    let mut keys = Vec::new();
    for block in source.split("pub(super) struct Raw").skip(1) {
        let name = block.split_whitespace().next().unwrap();
        let section = match name {
            "Official" => "wechat.official.".to_owned(),
            "WeCom" => "wechat.wecom.".to_owned(),
            "{" => String::new(),
            other => format!("{}.", other.to_lowercase()),
        };
        let body = block.split("\n}").next().unwrap();
        for field in body.split("pub(super) ").skip(1) {
            let (field, kind) = field.split_once(':').unwrap();
            // Sections are not keys.
            if !kind.contains("Raw") {
                keys.push(format!("{section}{field}"));
            }
        }
    }
    keys
}

#[test]
fn both_readmes_name_every_setting() {
    let keys = keys();
    assert!(keys.len() > 25, "{keys:?}");
    for file in ["README.md", "README.zh-CN.md"] {
        let text = std::fs::read_to_string(file).unwrap();
        for key in &keys {
            assert!(text.contains(&format!("`{key}`")), "{file} does not name {key}");
        }
    }
}
