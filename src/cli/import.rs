//! `wxpress import DIR`: documents become articles; what was wrong with which file is printed at the end.

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};

use crate::content::Content;
use crate::content::import::{self, Options, Progress, Report};

/// What `import` is told.
#[derive(Debug, clap::Args)]
pub(super) struct ImportArgs {
    /// The folder: page bundles of Hugo or Zola, or plain Markdown files.
    dir: PathBuf,
    /// Look at everything and say what would happen, but write nothing.
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

/// Imports and reports. Succeeds when every file came in; a picture that is missing does not fail an article.
pub(super) async fn run(content: &Content, args: &ImportArgs) -> anyhow::Result<ExitCode> {
    let bar = Bar::new();
    let options = Options { dry_run: args.dry_run, progress: &bar };
    let outcome = import::import(content, &args.dir, options).await;
    bar.0.finish_and_clear();
    let report = outcome.with_context(|| format!("importing {}", args.dir.display()))?;
    if args.json {
        println!("{}", as_json(&report, args.dry_run));
    } else {
        print(&report, args.dry_run);
    }
    Ok(if report.refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A bar on a terminal, nothing elsewhere.
struct Bar(ProgressBar);

impl Bar {
    fn new() -> Self {
        let is_watched = std::io::stderr().is_terminal();
        let target = if is_watched { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}") {
            bar.set_style(style);
        }
        Self(bar)
    }
}

impl Progress for Bar {
    fn found(&self, documents: usize) {
        self.0.set_length(u64::try_from(documents).unwrap_or(u64::MAX));
    }

    fn done(&self, document: &str) {
        self.0.set_message(document.to_owned());
        self.0.inc(1);
    }
}

fn print(report: &Report, dry_run: bool) {
    for problem in &report.problems {
        println!("{problem}");
    }
    if !report.problems.is_empty() {
        println!();
    }
    let Report { created, updated, unchanged, drafts, pages, refused, .. } = report;
    let fixed = if *pages > 0 { format!(", {pages} are fixed pages") } else { String::new() };
    println!(
        "{created} new, {updated} changed, {unchanged} as they were ({drafts} of these are drafts{fixed}), {refused} refused"
    );
    if dry_run {
        println!("This was a dry run: nothing was written.");
    }
}

fn as_json(report: &Report, dry_run: bool) -> Value {
    let problems: Vec<Value> = report
        .problems
        .iter()
        .map(|problem| {
            json!({
                "file": problem.file,
                "line": problem.line,
                "refused": problem.what.refuses(),
                "message": problem.what.to_string(),
                "message_zh": problem.what.zh(),
            })
        })
        .collect();
    json!({
        "dry_run": dry_run,
        "created": report.created,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "drafts": report.drafts,
        "pages": report.pages,
        "refused": report.refused,
        "problems": problems,
    })
}
