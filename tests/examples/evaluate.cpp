// The same as evaluate.c, in C++: objects are owned by unique_ptr, a failure is an exception.
#include <eval/calibration.h>
#include <eval/measure.h>
#include <hwmodel/machine.h>

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>

namespace
{

template <auto free> struct freed_by {
    template <typename T> void operator()(T *object) const
    {
        free(object);
    }
};

template <typename T, auto free> using owned = std::unique_ptr<T, freed_by<free>>;

// check([&](auto *err) { return asx_...(..., err); })
template <typename Call> void check(Call call)
{
    asx_error err;
    if (call(&err) != ASX_OK)
        throw std::runtime_error(err.message);
}

template <typename T, auto free, typename Call> owned<T, free> make(Call call)
{
    T *object = nullptr;
    check([&](asx_error *err) { return call(&object, err); });
    return owned<T, free>(object);
}

void evaluate(const char *path, const char *text)
{
    const auto network = make<asx_network, asx_network_free>(
        [&](auto **out, auto *err) { return asx_network_load(out, path, err); });
    asx_dataset_spec images{};
    images.format = ASX_DATA_GLYPHS;
    images.seed = 1;
    images.n_generated = 1000;
    images.scale = 0.00392156862745098;
    const auto data = make<asx_dataset, asx_dataset_free>(
        [&](auto **out, auto *err) { return asx_dataset_load(out, &images, err); });
    const auto calibration =
        make<asx_calibration, asx_calibration_free>([&](auto **out, auto *err) {
            return asx_calibration_new(out, network.get(), data.get(), {0, 256}, nullptr, err);
        });
    const auto measure = make<asx_measure, asx_measure_free>([&](auto **out, auto *err) {
        return asx_measure_new(out, calibration.get(), data.get(), {0, 1000}, err);
    });
    const auto technology = make<asx_technology, asx_technology_free>(
        [&](auto **out, auto *err) { return asx_technology_load(out, "nangate45", err); });

    const asx_workload *work = asx_network_workload(network.get());
    const auto machine = make<asx_machine, asx_machine_free>([&](auto **out, auto *err) {
        return asx_machine_new(out, technology.get(), work, nullptr, err);
    });

    asx_design design{};
    check([&](auto *err) { return asx_design_parse(&design, text, work, err); });
    const owned<asx_design, asx_design_fini> design_owner(&design);
    asx_accuracy accuracy;
    asx_cost cost, baseline;
    check([&](auto *err) { return asx_measure_design(&accuracy, measure.get(), &design, err); });
    check([&](auto *err) { return asx_machine_cost(&cost, nullptr, machine.get(), &design, err); });
    check([&](auto *err) { return asx_machine_baseline(&baseline, nullptr, machine.get(), err); });
    std::printf("accuracy,%.17g\ndrop,%.17g\n", accuracy.accuracy, accuracy.drop);
    std::printf("energy_pj,%.17g\nsaving,%.1f\n", cost.energy_pj,
                100 * (1 - cost.energy_pj / baseline.energy_pj));
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 3) {
        std::fprintf(stderr, "usage: evaluate_cpp NETWORK.onnx DESIGN\n");
        return 2;
    }
    try {
        evaluate(argv[1], argv[2]);
        return 0;
    } catch (const std::exception &failure) {
        std::fprintf(stderr, "evaluate_cpp: %s\n", failure.what());
        return 1;
    }
}
