// What 'asx bench evolution' and 'asx bench indicators' measure, by pagmo2. Prints "name value".
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include <pagmo/algorithm.hpp>
#include <pagmo/algorithms/nsga2.hpp>
#include <pagmo/population.hpp>
#include <pagmo/problem.hpp>
#include <pagmo/problems/dtlz.hpp>
#include <pagmo/problems/zdt.hpp>
#include <pagmo/utils/hypervolume.hpp>

static double seconds()
{
    using namespace std::chrono;
    return duration<double>(steady_clock::now().time_since_epoch()).count();
}

static void evolve(const char *name, const pagmo::problem &problem)
{
    std::vector<double> volume;
    double least = INFINITY;
    for (unsigned seed = 1; seed <= 15; seed++) {
        const double start = seconds();
        pagmo::population people(problem, 100, seed);
        const double p = 1.0 / static_cast<double>(problem.get_nx());
        const pagmo::algorithm algorithm(pagmo::nsga2(249, 0.9, 15, p, 20, seed));
        people = algorithm.evolve(people);
        least = std::min(least, seconds() - start);
        const pagmo::vector_double reference(problem.get_nobj(), 1.1);
        std::vector<pagmo::vector_double> below;
        for (const auto &f : people.get_f())
            if (std::all_of(f.begin(), f.end(), [](double v) { return v < 1.1; }))
                below.push_back(f);
        volume.push_back(below.empty() ? 0 : pagmo::hypervolume(below).compute(reference));
    }
    std::sort(volume.begin(), volume.end());
    std::printf("%s_least_s %.17g\n%s_population_hypervolume %.17g\n", name, least, name, volume[7]);
}

// A front on the sphere, as in 'asx bench indicators'.
static void measure(const char *name, std::size_t n, std::size_t d)
{
    std::mt19937_64 engine(7);
    std::uniform_real_distribution<double> uniform;
    std::vector<pagmo::vector_double> rows(n, pagmo::vector_double(d));
    for (auto &row : rows) {
        double square = 0;
        for (auto &v : row) {
            v = uniform(engine);
            square += v * v;
        }
        for (auto &v : row)
            v = 1 - v / std::sqrt(square);
    }
    const double start = seconds();
    const double volume = pagmo::hypervolume(rows).compute(pagmo::vector_double(d, 1.1));
    std::printf("%s %.17g\n", name, volume > 0 ? seconds() - start : NAN);
}

int main(int argc, char **argv)
{
    if (argc > 1 && std::string(argv[1]) == "indicators") {
        measure("hypervolume_1e4x2_s", 10000, 2);
        measure("hypervolume_1e4x3_s", 10000, 3);
        measure("hypervolume_1e4x4_s", 10000, 4);
        measure("hypervolume_500x5_s", 500, 5);
        return 0;
    }
    evolve("zdt1", pagmo::problem(pagmo::zdt(1, 30)));
    evolve("zdt4", pagmo::problem(pagmo::zdt(4, 10)));
    evolve("dtlz2", pagmo::problem(pagmo::dtlz(2, 12, 3)));
}
