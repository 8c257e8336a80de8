-- What a run finds beside evaluations: since version 6 in tables of their own.

CREATE TABLE certificate ( -- what a campaign's exact search vouched for, by the model that it searched on
    campaign INTEGER PRIMARY KEY REFERENCES campaign ON DELETE CASCADE,
    factor REAL,                     -- every design within the limits has one in the front with at most its drop and at
                                     -- most factor times its costs; infinite: stopped before anything was proven;
                                     -- NULL: the text claims none
    text TEXT NOT NULL               -- in the searcher's words
) STRICT;

CREATE TABLE reference ( -- the point that a campaign's hypervolumes are measured against
    campaign INTEGER NOT NULL REFERENCES campaign ON DELETE CASCADE,
    position INTEGER NOT NULL,       -- of the objective among the campaign's, from 0
    objective TEXT NOT NULL,         -- 'drop', 'energy_pj', ...
    value REAL NOT NULL,
    PRIMARY KEY (campaign, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE round ( -- one round of a search on two fidelities: a front solved for, some of it measured
    campaign INTEGER NOT NULL REFERENCES campaign ON DELETE CASCADE,
    number INTEGER NOT NULL,         -- from 1
    front INTEGER NOT NULL,          -- designs on the front, as predicted
    hypervolume REAL NOT NULL,       -- of it: share of the box up to the reference point
    measured INTEGER NOT NULL,       -- designs that were new in this round
    mean_gap REAL NOT NULL, worst_gap REAL NOT NULL, -- of these, prediction against measurement, in points
    tau REAL,                        -- their rank correlation (Kendall); NULL below three designs
    PRIMARY KEY (campaign, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE refit ( -- the proxy's table as all rounds of a campaign left it
    campaign INTEGER NOT NULL REFERENCES campaign ON DELETE CASCADE,
    accuracy_key TEXT NOT NULL,      -- of the proxy as it was built, as in inputs
    proxy BLOB NOT NULL,
    PRIMARY KEY (campaign, accuracy_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE promotion ( -- how a design is trained: decided once, so that a run that was killed goes on with it
    campaign INTEGER NOT NULL REFERENCES campaign ON DELETE CASCADE,
    training TEXT NOT NULL,          -- hash of images and options
    design TEXT NOT NULL,            -- its text
    epochs INTEGER NOT NULL,         -- that it gets
    asked INTEGER NOT NULL,          -- that the campaign asks for
    stopped_after INTEGER,           -- epochs, when the time was up; NULL: it was not
    start TEXT,                      -- design whose network it begins with; NULL: the campaign's own
    PRIMARY KEY (campaign, training, design)
) STRICT, WITHOUT ROWID;

CREATE TABLE training ( -- time that all runs of a campaign have spent on training
    campaign INTEGER PRIMARY KEY REFERENCES campaign ON DELETE CASCADE,
    spent_s REAL NOT NULL
) STRICT;
