#include "patience.h"

enum { ASK_EVERY = 1 << 16 };

void patience_begin(patience *p)
{
    p->steps = p->asked = 0;
    p->over = false;
}

bool patience_ask(patience *p)
{
    p->stopped = p->stopped || (p->stop && p->stop(p->state));
    return !p->stopped;
}

bool patience_spend(patience *p, size_t steps)
{
    p->steps += steps;
    p->over = p->over || p->steps > p->limit;
    if (p->steps - p->asked >= ASK_EVERY) {
        p->asked = p->steps;
        (void)patience_ask(p);
    }
    return !p->over && !p->stopped;
}
