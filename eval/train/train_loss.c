#include "train_loss.h"

#include <math.h>

/* log of the sum of exp(x / T), the largest taken out first */
static double log_sum(const float *x, size_t n, double temperature)
{
    double top = -INFINITY, sum = 0;
    for (size_t i = 0; i < n; i++)
        top = fmax(top, (double)x[i] / temperature);
    for (size_t i = 0; i < n; i++)
        sum += exp((double)x[i] / temperature - top);
    return top + log(sum);
}

double asx_loss_image(float *dlogits, const asx_loss *loss, const float *logits, size_t n_classes,
                      unsigned label, const float *teacher)
{
    const double hard = 1 - loss->distil, soft = loss->distil, t = loss->temperature;
    const double log_1 = log_sum(logits, n_classes, 1);
    const double log_t = soft > 0 ? log_sum(logits, n_classes, t) : 0;
    const double log_teacher = soft > 0 ? log_sum(teacher, n_classes, t) : 0;
    double sum = 0;
    for (size_t i = 0; i < n_classes; i++) {
        const double x = (double)logits[i];
        const double target =
            (i == label ? 1 - loss->smoothing : 0) + loss->smoothing / (double)n_classes;
        double d = hard * (exp(x - log_1) - target);
        sum += hard * target * (log_1 - x);
        if (soft > 0) {
            const double q = exp((double)teacher[i] / t - log_teacher);
            d += soft * t * (exp(x / t - log_t) - q); /* T^2 times 1 / T */
            sum += soft * t * t * q * (log_t - x / t);
        }
        if (dlogits)
            dlogits[i] = (float)d;
    }
    return sum;
}
