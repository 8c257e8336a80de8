CREATE TABLE measure ( -- what accuracies and drops of a campaign are, where not images right in percent and points
    campaign INTEGER PRIMARY KEY REFERENCES campaign ON DELETE CASCADE,
    name TEXT NOT NULL,              -- as data.measure: 'mse', ...; their `correct` are -1: nothing is counted
    point REAL NOT NULL              -- as much of a drop as counts like a point of accuracy
) STRICT;

CREATE TABLE look_score ( -- of such measures, what stands beside a row of `look`
    accuracy_key TEXT NOT NULL,
    formats TEXT NOT NULL,
    images INTEGER NOT NULL,
    value REAL NOT NULL,             -- images x value of the design
    value_square REAL NOT NULL,      -- images^2 x variance of that
    lost REAL NOT NULL,              -- images x drop
    lost_square REAL NOT NULL,       -- images^2 x variance of that
    PRIMARY KEY (accuracy_key, formats, images)
) STRICT, WITHOUT ROWID;

CREATE TABLE confirmation_score ( -- and beside a row of confirmation_step
    confirmation INTEGER NOT NULL REFERENCES confirmation ON DELETE CASCADE,
    position INTEGER NOT NULL,
    lost REAL NOT NULL, lost_square REAL NOT NULL, -- as in look_score
    PRIMARY KEY (confirmation, position)
) STRICT, WITHOUT ROWID;
