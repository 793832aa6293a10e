#include "processes/explore.hpp"

#include <algorithm>
#include <memory>
#include <random>

#include "processes/explore_judge.hpp"
#include "processes/explore_world.hpp"
#include "processes/explored_saga.hpp"

namespace vitrine::processes {
namespace {

using Story = ExploredStory;
using Random = std::mt19937_64;
using Sagas = std::vector<std::unique_ptr<ExploredSaga>>;

constexpr Story stories[] = {
    {"card", "card", "credit_card"},
    {"pix", "pix", "pix"},
    {"pix-late", "pix", "pix", Story::Buyer::pays_late},
    {"pix-unpaid", "pix", "pix", Story::Buyer::never_pays},
    {"boleto", "boleto", "boleto"},
    {"boleto-late", "boleto", "boleto", Story::Buyer::pays_late},
};
constexpr Story declined_card{
    "card-declined", "card", "credit_card", Story::Buyer::pays_at_once, "tok_declined_1"
};

constexpr std::string_view crash_points[] = {
    "no-crash", "before-intent", "after-intent", "after-effect", "after-record"
};
constexpr std::string_view ways[] = {
    "fine", "transient", "exhausted", "refused", "unknown-done", "unknown-not", "unknown-for-ever"
};
constexpr std::string_view signal_ways[] = {"once", "doubled", "early-and-late"};

constexpr std::uint64_t interleaved_cases = 1'000;

std::vector<std::string> step_names() {
    std::vector<std::string> steps;
    for (const auto& step : checkout_steps()) steps.emplace_back(step.name);
    steps.emplace_back("look");
    steps.emplace_back("refund");
    return steps;
}

template <class Range>
const auto& one_of(const Range& range, Random& random) {
    return *(std::begin(range) + static_cast<std::ptrdiff_t>(random() % std::size(range)));
}

ExploredWorld world_with(std::int64_t units, std::int64_t uses) {
    ExploredWorld world;
    world.now = parse_time("2026-12-01T12:00:00Z").value();
    world.units = units;
    world.uses = uses;
    return world;
}

/// Sagas over one world, until nothing follows any more.
class Play {
public:
    Play(ExploredWorld& world, Sagas& sagas, ExploredCase& told, Random& random)
        : world_(world), sagas_(sagas), told_(told), random_(random) {}

    /// `people`: how often somebody does something meanwhile, of a thousand steps; some come late.
    void go(unsigned people) {
        run(people);
        for (unsigned late = people == 0 ? 0 : 3; late > 0; --late) {
            somebody_acts();
            run(people);
        }
    }

    void judge() {
        for (const auto& saga : sagas_)
            std::ranges::move(violations_of(*saga, world_), std::back_inserter(told_.violations));
    }

    /// Some decisions ask for others; false: nothing is decided any more.
    void people_decide() {
        constexpr int most_rounds = 6;
        for (int round = 0; round < most_rounds; ++round) {
            bool has_decided = false;
            for (const auto& saga : sagas_) has_decided = saga->decide() || has_decided;
            if (!has_decided) return;
            go(0);
        }
        told_.violations.emplace_back("what a person decides does not help");
    }

private:
    void run(unsigned people) {
        const auto most_steps = 600 * sagas_.size();
        for (std::size_t step = 0; step < most_steps; ++step) {
            if (random_() % 1000 < people) somebody_acts();
            if (!go_on()) return;
        }
        told_.violations.emplace_back("it does not come to an end");
    }

    bool go_on() {
        std::vector<ExploredSaga*> order;
        for (const auto& saga : sagas_) order.push_back(saga.get());
        std::ranges::shuffle(order, random_);
        if (std::ranges::any_of(order, [](auto* saga) { return saga->go_on(); })) return true;
        std::optional<Timestamp> next;
        for (const auto* saga : order) {
            if (const auto at = saga->next()) next = next ? std::min(*next, *at) : at;
        }
        if (!next) return false;
        world_.now = std::max(world_.now, *next);
        return true;
    }

    void somebody_acts() {
        auto& saga = *one_of(sagas_, random_);
        constexpr std::int64_t refunds[] = {1, 1000, explored_total};
        switch (random_() % 5) {
            case 0:
                return saga.cancel();
            case 1:
                return saga.pay_again({"credit_card", "tok_approved_2", {}, {}});
            case 2:
                return saga.pay_again({"pix", {}, {}, {}});
            case 3:
                return saga.give_back(one_of(refunds, random_));
            default:
                return saga.dispute();
        }
    }

    ExploredWorld& world_;
    Sagas& sagas_;
    ExploredCase& told_;
    Random& random_;
};

void play(ExploredWorld& world, Sagas& sagas, ExploredCase& told, Random& random, unsigned people) {
    Play play(world, sagas, told, random);
    play.go(people);
    play.judge();
    if (!told.violations.empty()) return;
    play.people_decide();
    play.judge();
}

ExploredCase explore_one(const Story& story, ExploredTrouble trouble, std::uint64_t seed) {
    ExploredCase told;
    auto world = world_with(1, 1);
    Random random(seed);
    Sagas sagas;
    sagas.push_back(
        std::make_unique<ExploredSaga>(world, told, "sale", story, std::move(trouble), seed)
    );
    play(world, sagas, told, random, 0);
    return told;
}

}  // namespace

ExploredCase explore_interleaved(std::uint64_t seed, std::uint64_t number) {
    ExploredCase told;
    std::seed_seq both{seed, number};
    Random random(both);
    auto world = world_with(
        static_cast<std::int64_t>(1 + random() % 2), static_cast<std::int64_t>(1 + random() % 3)
    );
    const auto steps = step_names();
    Sagas sagas;
    const auto count = 2 + random() % 3;
    for (std::size_t i = 0; i < count; ++i) {
        const auto& story = random() % 8 == 0 ? declined_card : one_of(stories, random);
        const bool is_calm = random() % 3 == 0;
        const ExploredTrouble trouble{
            one_of(steps, random),
            is_calm ? crash_points[0] : one_of(crash_points, random),
            is_calm ? ways[0] : one_of(ways, random),
            one_of(signal_ways, random)
        };
        sagas.push_back(std::make_unique<ExploredSaga>(
            world, told, "sale" + std::to_string(i + 1), story, trouble, random()
        ));
    }
    play(world, sagas, told, random, 60);
    return told;
}

Explored explore_checkout(const ExploreOptions& options) {
    Explored explored;
    const auto wants = [&](const std::string& name) {
        return !options.only || *options.only == name;
    };
    const auto note = [&](ExploredCase tried, std::string name) {
        ++explored.cases;
        tried.name = std::move(name);
        if (!tried.violations.empty() || options.only)
            explored.violated.push_back(std::move(tried));
    };
    const auto steps = step_names();
    for (const auto& story : stories) {
        if (options.method && *options.method != story.method) continue;
        for (const auto& step : steps) {
            for (const auto crash : crash_points) {
                for (const auto way : ways) {
                    for (const auto signals : signal_ways) {
                        std::string name(story.name);
                        for (const auto part : {std::string_view(step), crash, way, signals})
                            (name += '/') += part;
                        if (wants(name))
                            note(
                                explore_one(story, {step, crash, way, signals}, options.seed),
                                std::move(name)
                            );
                    }
                }
            }
        }
    }
    for (std::uint64_t i = 1; i <= interleaved_cases && !options.method; ++i) {
        auto name = "interleaved/" + std::to_string(i);
        if (wants(name)) note(explore_interleaved(options.seed, i), std::move(name));
    }
    return explored;
}

}  // namespace vitrine::processes
