//! `wxpress verification`: the files by which an account proves that the domain is its own.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, bail};

use crate::content::{Actor, Content, VerificationFile};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Take in a file as downloaded from the console; it is served at the root of the site and under its prefix.
    Add {
        /// The file; its name must be the one the console gave it.
        file: PathBuf,
    },
    /// The same, with name and content typed.
    Set {
        /// `MP_verify_….txt` or `WW_verify_….txt`.
        name: String,
        /// What the file holds.
        content: String,
    },
    /// Show the files that are served.
    List,
    /// Serve a file no longer.
    Remove {
        /// Its name.
        name: String,
    },
}

/// Does it, and says what was done.
pub(super) async fn run(content: &Content, args: Args) -> anyhow::Result<ExitCode> {
    match args.action {
        Action::Add { file } => {
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let body = std::fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            set(content, &name, &String::from_utf8_lossy(&body)).await?;
        }
        Action::Set { name, content: body } => set(content, &name, &body).await?,
        Action::List => content.verification_files().await?.iter().for_each(|name| println!("{name}")),
        Action::Remove { name } => {
            if !content.remove_verification_file(Actor::System, &name).await? {
                bail!("{name} is not served; `wxpress verification list` shows what is");
            }
            println!("{name} is served no longer");
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn set(content: &Content, name: &str, body: &str) -> anyhow::Result<()> {
    let file = VerificationFile::new(name, body)?;
    content.set_verification_file(Actor::System, &file).await?;
    println!("/{name} is served");
    Ok(())
}
