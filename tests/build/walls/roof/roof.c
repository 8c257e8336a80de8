#include "house/house.h"

#include "cellar.h"

#if defined(BREACH_INCLUDE)
#include "kitchen.h"
#elif defined(BREACH_CALL)
int kitchen_height(void);
#else
static int kitchen_height(void)
{
    return 3;
}
#endif

int house_height(void)
{
    return kitchen_height() + cellar_depth();
}
