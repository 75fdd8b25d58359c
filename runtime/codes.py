"""What the problem codes of the runtime mean that stand in modules without a list of their own."""

from __future__ import annotations

CODES: tuple[tuple[str, str], ...] = (
    ("aims-missing", "A run until all aims are met needs aims. Add one to the intent, or order a number of rounds."),
    ("table-no-rows", "A table has columns and no rows. Bring the rows, or set `no_rows: go on`."),
    ("labels-strange", "The target column holds none of the labels. Name in `labels` what it does hold."),
    ("until-no-dates", "Cases are picked until a column that holds no dates. Name a date column in `until`."),
    ("truth-unclear", "Several steps seal a truth and none is named for simulated people. Name one in `truth`."),
    # The store
    ("artifact-damaged", "A file of the store holds something else than was stored; restore a backup."),
    ("artifact-missing", "A file of the store is gone; restore a backup, or start a new book."),
    ("store-mode", "Another program holds the store, or its folder cannot carry it; close that program."),
    ("store-on-network", "The store lies on a network file system and could lose rows; take a local folder."),
    ("store-too-new", "A newer Tandem wrote the store, and nothing was touched; use the newer program."),
    # Ordering a run
    ("book-name", "A book cannot be called that: a folder has its name. Use letters, digits, hyphens or blanks."),
    ("flow-runs-already", "Another process runs this flow; wait for it, or stop it."),
    ("override-unknown", "An override names a step or a setting that is not there; take one that is named."),
    ("rounds-wrong", "Fewer than one round was ordered; ask for one or more."),
    ("simulated-live", "Simulated people never answer in the live book; name a rehearsal."),
    ("trial-live", "A step is tried in a rehearsal, never in the live book; name a rehearsal."),
    # Answers
    ("answer-not-a-choice", "The answer is none of the choices of its question; take one of them."),
    ("answer-simulated", "A simulated answer came to the live book; simulated people stay in rehearsals."),
    ("answer-to-nothing", "There is no such question in this book; fetch the questions anew."),
    # Reading and writing
    ("column-vanished", "Columns of the last round are gone; bring them back, or go on without them."),
    ("outcome-time", "The column that says when outcomes became known holds no dates; name one that does."),
    ("path-outside", "A file lies outside the folder of the flow; put it there."),
    # Choosing and asking
    ("positive-missing", "Nobody said which label matters; set `positive` in the step that predicts."),
    ("shown-column-missing", "A column that people should see is not there; name one of those that are."),
    ("threshold-needs-two", "A threshold needs two labels, one of them positive; or take `most-likely`."),
    ("positive-unknown", "The label that matters is none that the model predicts; name one of those."),
    # Learning
    (
        "column-too-good",
        "One column alone tells the target; leave it out, or say that it is known before the decision.",
    ),
    ("group-missing", "A column to group by is not there; name one of those that are."),
    ("held-out-dates", "Cases cannot be held out by date; name a column with dates, and a day."),
    ("labels-missing", "There are not two labels to tell apart yet; name them in the settings."),
    (
        "model-column-vanished",
        "The model learned from a column that is gone; bring it back, or leave it out in the settings.",
    ),
    ("model-file", "A file of a model is damaged or holds something else; let the model learn anew."),
    ("model-other-features", "The model learned from other features than it is given; let it learn anew."),
    ("model-training", "The rows to learn from do not fit together; the sentence says what was expected."),
    ("version-unknown", "The book holds no such version of the model; take one that is listed."),
)
