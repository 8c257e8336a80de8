CREATE TABLE float_network ( -- how good the float network was on a campaign's images, beside what needs no network at all
    campaign INTEGER NOT NULL REFERENCES campaign ON DELETE CASCADE,
    subset TEXT NOT NULL,            -- which images: 'select', 'confirm' or 'report'
    images INTEGER NOT NULL,
    correct INTEGER NOT NULL,
    accuracy REAL NOT NULL, accuracy_low REAL NOT NULL, accuracy_high REAL NOT NULL, -- percent; 95 %
    guessing REAL NOT NULL,          -- percent right of who always names the commonest class, or draws one of all
    PRIMARY KEY (campaign, subset)
) STRICT, WITHOUT ROWID;
