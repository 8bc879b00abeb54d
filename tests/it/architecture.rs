//! The module chain as data: who may name whom, and why. A newcomer may trust what this file says.

use std::path::{Path, PathBuf};

/// A module, what it must never name, and the reason that a failure prints.
const RULES: &[(&str, &[&str], &str)] = &[
    ("clock", &["crate::"], "a leaf; tests move time"),
    ("config", &["crate::"], "a leaf; nothing of ours below it"),
    (
        "db",
        &["crate::content", "crate::web", "crate::wechat", "crate::credentials", "crate::state", "actix_web"],
        "only opens the door",
    ),
    (
        "fetch",
        &[
            "crate::content",
            "crate::db",
            "crate::wechat",
            "crate::credentials",
            "crate::state",
            "crate::web",
            "actix_web",
        ],
        "one place that reaches out, and it knows nobody",
    ),
    (
        "staff",
        &[
            "crate::content",
            "crate::wechat",
            "crate::credentials",
            "crate::state",
            "crate::web",
            "actix_web",
            "askama",
            "reqwest",
        ],
        "content asks who acts, not the reverse",
    ),
    (
        "content",
        &[
            "crate::wechat",
            "crate::web",
            "crate::credentials",
            "crate::state",
            "crate::fetch",
            "actix_web",
            "askama",
            "reqwest",
        ],
        "an editor's rules outlive any front end",
    ),
    (
        "wechat",
        &["crate::content", "crate::db", "crate::credentials", "crate::state", "crate::web", "sqlx", "actix_web"],
        "it is somebody else's API, nothing more",
    ),
    ("credentials", &["crate::content", "crate::state", "crate::web", "actix_web"], "the one hard thing, in one place"),
    ("stats", &["crate::web", "crate::state", "actix_web"], "counting knows no pages"),
    ("diagnosis", &["crate::web", "crate::state", "actix_web"], "doctor and the back office show the same findings"),
    ("state", &["crate::web", "crate::cli"], "keeps web and state from looping"),
    (
        "web",
        &["crate::cli", "crate::simulator", "sqlx::", "reqwest", "std::env", "By::Operator"],
        "pages never know they are in a demo, and act for nobody but who signed in",
    ),
    ("simulator", &["crate::"], "if both sides shared code, a mistake would be made twice and the test be green"),
];

#[test]
fn no_module_names_what_it_must_not() {
    let mut faults = Vec::new();
    for (module, forbidden, why) in RULES {
        let own = format!("crate::{module}");
        for (file, text) in module_files(module) {
            for (number, line) in code_lines(&text) {
                // A module may name its own parts by their full path.
                let line = line.replace(&own, "");
                for name in forbidden.iter().filter(|name| line.contains(**name)) {
                    faults.push(format!("{}:{number} names {name}: {why}", file.display()));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_module_of_the_map_has_its_rule() {
    let map = std::fs::read_to_string("src/lib.rs").unwrap();
    for module in map.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')) {
        let known = module == "cli" || RULES.iter().any(|(name, _, _)| *name == module);
        assert!(known, "{module} is in src/lib.rs but has no row here");
    }
}

#[test]
fn every_file_begins_by_saying_what_it_is_for() {
    for (file, text) in files_below(Path::new("src")).into_iter().chain(files_below(Path::new("tests/it"))) {
        assert!(text.starts_with("//! "), "{} does not begin with //!", file.display());
    }
}

#[test]
fn modules_are_named_after_their_file() {
    assert!(files_below(Path::new("src")).iter().all(|(file, _)| !file.ends_with("mod.rs")));
}

#[test]
fn sql_is_spoken_only_where_it_is_stored() {
    for (file, text) in files_below(Path::new("src")) {
        let name = file.to_string_lossy();
        let door = [
            "src/db",
            "src/content/store",
            "src/content/search",
            "src/credentials/store",
            "src/stats",
            "src/staff/store",
        ];
        let speaks = code_lines(&text).any(|(_, line)| line.contains("sqlx::query"));
        assert!(!speaks || door.iter().any(|prefix| name.starts_with(prefix)), "{name} speaks SQL");
    }
}

#[test]
fn templates_print_raw_only_what_cannot_hurt() {
    // The guard is a constant, the data blocks have their own escaping, the body can only be made by the sanitiser.
    let allowed = ["layout.guard|safe", "share|safe", "structured|safe", "body|safe"];
    for entry in all_files(Path::new("templates")) {
        let text = std::fs::read_to_string(&entry).unwrap();
        for line in text.lines().filter(|line| line.contains("|safe")) {
            let fine = allowed.iter().any(|expression| line.contains(&format!("{{{{ {expression} }}}}")));
            assert!(fine, "{}: {line}", entry.display());
        }
    }
}

#[test]
fn every_template_is_used() {
    let sources: String = files_below(Path::new("src")).into_iter().map(|(_, text)| text).collect::<String>()
        + &all_text(Path::new("templates"));
    for file in all_files(Path::new("templates")) {
        let name = file.strip_prefix("templates").unwrap().to_string_lossy().into_owned();
        assert!(sources.contains(&format!("\"{name}\"")), "{name} is used by nothing");
    }
}

fn module_files(module: &str) -> Vec<(PathBuf, String)> {
    let mut files = files_below(&Path::new("src").join(module));
    let file = Path::new("src").join(format!("{module}.rs"));
    files.push((file.clone(), std::fs::read_to_string(file).unwrap()));
    files
}

fn files_below(folder: &Path) -> Vec<(PathBuf, String)> {
    let sources =
        all_files(folder).into_iter().filter(|file| file.extension().is_some_and(|extension| extension == "rs"));
    sources.map(|file| (file.clone(), std::fs::read_to_string(file).unwrap())).collect()
}

fn all_text(folder: &Path) -> String {
    all_files(folder).iter().map(|file| std::fs::read_to_string(file).unwrap()).collect()
}

fn all_files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { all_files(&path) } else { vec![path] }).collect()
}

/// Lines that are code, with their numbers: no comments, and nothing of a trailing test module.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    code.lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}
