#include "kitchen.h"

#include "cellar.h"

int kitchen_height(void)
{
    return 1 + cellar_depth();
}
