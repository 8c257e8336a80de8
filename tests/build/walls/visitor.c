#include <house/house.h>

#ifdef BREACH_PRIVATE
int cellar_depth(void);
#else
static int cellar_depth(void)
{
    return 0;
}
#endif

int main(void)
{
    return house_height() + cellar_depth() > 100;
}
