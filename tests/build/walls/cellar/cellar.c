#include "cellar.h"

int cellar_depth(void)
{
    return 2;
}
