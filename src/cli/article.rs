//! `wxpress article`: what an editor decides about a published article, for the operator who is asked to do it.

use std::process::ExitCode;

use anyhow::bail;

use crate::content::{Actor, ArticleId, ArticleKey, Content, Error};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Keep it on top of the home page (置顶).
    Pin(Which),
    /// Keep it there no longer.
    Unpin(Which),
    /// Tell its readers what was wrong and is right now (更正). Import the text that is right first.
    Correct {
        #[command(flatten)]
        which: Which,
        /// What was wrong, and what is right.
        #[arg(long, value_name = "TEXT")]
        notice: String,
    },
    /// Take it from its readers (撤稿); its address then says so.
    Withdraw {
        #[command(flatten)]
        which: Which,
        /// What its address says about it.
        #[arg(long, value_name = "TEXT", default_value = "")]
        notice: String,
    },
    /// Give it back to its readers.
    Publish(Which),
}

#[derive(Debug, clap::Args)]
struct Which {
    /// Its address, or the last part of it: a slug or a number.
    article: String,
}

impl Which {
    async fn find(&self, content: &Content) -> anyhow::Result<ArticleId> {
        let path = self.article.split(['?', '#']).next().unwrap_or_default();
        let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let found = match name.parse::<ArticleKey>() {
            Ok(key) => content.article_id(&key).await?,
            Err(_) => None,
        };
        match found {
            Some(id) => Ok(id),
            None => bail!("no article has the address {name:?}; give the last part of its address"),
        }
    }
}

/// Does it, and says what was done.
pub(super) async fn run(content: &Content, args: Args) -> anyhow::Result<ExitCode> {
    let (outcome, done) = match args.action {
        Action::Pin(which) => (pin(content, &which, true).await?, "it is on top of the home page"),
        Action::Unpin(which) => (pin(content, &which, false).await?, "it is on top of the home page no longer"),
        Action::Correct { which, notice } => {
            let id = which.find(content).await?;
            (content.correct(Actor::System, id, &notice).await, "its readers are told what was corrected")
        }
        Action::Withdraw { which, notice } => {
            let id = which.find(content).await?;
            (content.withdraw(Actor::System, id, &notice).await, "it is withdrawn; its address says so")
        }
        Action::Publish(which) => {
            let id = which.find(content).await?;
            (content.publish(Actor::System, id, None).await, "it is published")
        }
    };
    outcome?;
    println!("{done}");
    Ok(ExitCode::SUCCESS)
}

async fn pin(content: &Content, which: &Which, pinned: bool) -> anyhow::Result<Result<(), Error>> {
    let id = which.find(content).await?;
    Ok(content.set_pinned(Actor::System, id, pinned).await)
}
