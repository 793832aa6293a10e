#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "projections/audit.hpp"
#include "projections/builder.hpp"
#include "projections/compare.hpp"
#include "projections/model_files.hpp"
#include "projections/sql.hpp"
#include "tests/projections/house.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::tests {
namespace {

using projections::RebuildOptions;

const projections::Projection& offers() {
    return *projections::find_projection("offers");
}

/// More than a build reads at once.
void fill(Log& log) {
    for (int i = 0; i < 100; ++i) log.add(offer_created("o" + std::to_string(i), "Offer"));
    for (int i = 0; i < 20'000; ++i) {
        log.add(renamed("o" + std::to_string(i % 100), "Name " + std::to_string(i)));
    }
}

/// Saves after every batch, and ends after some of them.
RebuildOptions interrupted(std::function<void()> end) {
    RebuildOptions options;
    options.save_interval = std::chrono::milliseconds(0);
    options.cancelled = [end = std::move(end), looks = 0]() mutable {
        if (++looks < 3) return false;
        end();
        return true;
    };
    return options;
}

void require_as_built_anew(Log& log, const std::filesystem::path& file) {
    const TemporaryFolder folder;
    const auto fresh = folder.path() / "fresh.db";
    projections::build_model_file(log, fresh, offers(), {});
    CHECK(projections::compare(offers(), file, fresh).equal());
    const auto found = projections::read_tallies(*projections::open_for_reading(file));
    CHECK(found == projections::tallies_of_log(log, offers(), log.head()));
}

/// As another projector; notes whether its file was called complete before it had written its rows.
class WatchfulProjector : public projections::Projector {
public:
    WatchfulProjector(std::unique_ptr<Projector> inner, SQLite::Database& database, bool& too_early)
        : inner_(std::move(inner)), database_(database), too_early_(too_early) {}

    void apply(const projections::RecordedEvent& event) override { inner_->apply(event); }
    void write() override {
        inner_->write();
        too_early_ |= projections::read_complete(database_);
    }
    void forget() override { inner_->forget(); }
    std::size_t bytes() const override { return inner_->bytes(); }

private:
    std::unique_ptr<Projector> inner_;
    SQLite::Database& database_;
    bool& too_early_;
};

}  // namespace

TEST_CASE("a build leaves its file alone until the projector has written its rows") {
    Log log;
    log.add(offer_created("o1", "Offer"));
    bool too_early = false;
    auto watched = offers();
    watched.open = [&](SQLite::Database& database, projections::Tables tables) {
        return std::make_unique<WatchfulProjector>(
            offers().open(database, tables), database, too_early
        );
    };
    const TemporaryFolder folder;
    projections::build_model_file(log, folder.path() / "fresh.db", watched, {});
    CHECK_FALSE(too_early);
    CHECK(projections::read_complete(*projections::open_for_reading(folder.path() / "fresh.db")));
}

TEST_CASE("a rebuild that was killed is continued where it had saved") {
    Log log;
    fill(log);
    const TemporaryFolder folder;
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        const auto options = interrupted([] { ::kill(::getpid(), SIGKILL); });
        rebuild_stopped(log, folder.path(), offers(), options);
        ::_exit(0);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));
    log.add(renamed("o1", "Meanwhile"));

    const auto report = rebuild_stopped(log, folder.path(), offers(), {});
    CHECK(report.switched);
    CHECK(report.continued > 0);
    CHECK(report.continued < report.position);
    CHECK(report.position == log.head());
    require_as_built_anew(log, projections::read_live_file(folder.path(), "offers")->file);
    CHECK(database_files(folder.path()) == 1);
}

TEST_CASE("a rebuild that was given up is continued by a running server") {
    House house;
    fill(house.log);
    CHECK_THROWS_AS(
        rebuild_stopped(house.log, house.folder.path(), offers(), interrupted([] {})),
        projections::Cancelled
    );
    house.open();  // finds no live file, and the build
    REQUIRE(house.wait("offers", house.log.head()));
    require_as_built_anew(house.log, house.projections().read_model("offers").generation()->file());
    CHECK_THROWS_AS(
        house.projections().rebuild("offers", interrupted([] {})), projections::Cancelled
    );
    house.close();
    house.open();
    REQUIRE(house.wait("offers", house.log.head()));
    const auto report = house.projections().rebuild("offers", {});
    CHECK(report.continued > 0);
    require_as_built_anew(house.log, house.projections().read_model("offers").generation()->file());
}

TEST_CASE("a rebuild that was killed before it had saved leaves nothing after the next") {
    Log log;
    fill(log);
    const TemporaryFolder folder;
    for (int killed = 0; killed < 2; ++killed) {
        const auto child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            auto options = interrupted([] { ::kill(::getpid(), SIGKILL); });
            options.save_interval = RebuildOptions().save_interval;
            rebuild_stopped(log, folder.path(), offers(), options);
            ::_exit(0);
        }
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        REQUIRE(WIFSIGNALED(status));
        CHECK(database_files(folder.path()) == 1);
    }
    RebuildOptions options;
    options.check = true;
    CHECK(rebuild_stopped(log, folder.path(), offers(), options).continued == 0);
    CHECK(database_files(folder.path()) == 0);
}

TEST_CASE("a rebuild that is given up before it has saved leaves no file") {
    Log log;
    fill(log);
    const TemporaryFolder folder;
    auto options = interrupted([&folder] { CHECK(database_files(folder.path()) == 1); });
    options.save_interval = RebuildOptions().save_interval;
    CHECK_THROWS_AS(rebuild_stopped(log, folder.path(), offers(), options), projections::Cancelled);
    CHECK(database_files(folder.path()) == 0);
}

TEST_CASE("a rebuild that is given up when its file is complete leaves no file") {
    Log log;
    fill(log);
    const TemporaryFolder folder;
    RebuildOptions options;
    options.save_interval = std::chrono::milliseconds(0);
    int looks = 0;
    options.cancelled = [&looks] {
        ++looks;
        return false;
    };
    rebuild_stopped(log, folder.path(), offers(), options);
    const auto before = projections::read_live_file(folder.path(), "offers");
    options.cancelled = [left = looks]() mutable { return --left == 0; };
    CHECK_THROWS_AS(rebuild_stopped(log, folder.path(), offers(), options), projections::Cancelled);
    CHECK(database_files(folder.path()) == 1);
    CHECK(projections::read_live_file(folder.path(), "offers")->file == before->file);
}

TEST_CASE("what differs is told before the switch, which can still be prevented") {
    House house;
    house.log.add(offer_created("o1", "One"));
    house.open();
    REQUIRE(house.wait("offers", house.log.head()));
    const auto live = [&] { return projections::read_live_file(house.folder.path(), "offers"); };
    const auto before = live()->file;
    projections::open_for_writing(before)->exec("UPDATE offers SET name='damaged'");
    const bool running = GENERATE(true, false);
    if (!running) house.close();
    const auto rebuild = [&](const RebuildOptions& options) {
        return running ? house.projections().rebuild("offers", options)
                       : rebuild_stopped(house.log, house.folder.path(), offers(), options);
    };
    RebuildOptions options;
    options.diff = true;
    std::vector<std::string> told;
    options.compared = [&](const projections::RebuildReport& report) {
        CHECK(live()->file == before);
        told.push_back(report.comparison.value().examples.at(0).live);
    };
    SECTION("it is switched") {
        CHECK(rebuild(options).switched);
        CHECK(live()->file != before);
    }
    SECTION("it is not wanted") {
        options.cancelled = [&] { return !told.empty(); };
        CHECK_THROWS_AS(rebuild(options), projections::Cancelled);
        CHECK(live()->file == before);
        const auto after = before.parent_path() / ("offers-v" + std::to_string(live()->version) +
                                                   '-' + std::to_string(live()->generation + 1));
        CHECK_FALSE(std::filesystem::exists(after.string() + ".db"));
    }
    CHECK(told == std::vector<std::string>{"damaged"});
}

TEST_CASE("a build left behind whose tallies are not those of the log is begun anew") {
    Log log;
    fill(log);
    const TemporaryFolder folder;
    const auto file = folder.path() / "build.db";
    CHECK_THROWS_AS(
        projections::build_model_file(log, file, offers(), interrupted([] {})),
        projections::Cancelled
    );
    REQUIRE(std::filesystem::exists(file));
    SECTION("an event is missing") {
        projections::open_for_writing(file)->exec(
            "UPDATE tallies SET events=events-1 WHERE type='OfferEdited'"
        );
    }
    SECTION("it was finished, and lived") {
        projections::open_for_writing(file)->exec("UPDATE checkpoint SET complete=1");
    }
    SECTION("it is not a database") {
        std::filesystem::resize_file(file, 100);
    }
    const auto built = projections::build_model_file(log, file, offers(), {});
    CHECK(built.continued == 0);
    require_as_built_anew(log, file);
}

TEST_CASE("one tenant alone is rebuilt, on a running and on a stopped server") {
    House house;
    for (const auto* tenant : {"acme", "other"}) {
        house.log.as(tenant);
        house.log.add(product_created("p1", 100));
        house.log.add(offer_created("o1", "One", {line("remote-p1", std::nullopt, "p1")}));
    }
    using Damage = std::pair<std::string, std::string>;  // of a column of a read model
    const auto [name, column] = GENERATE(
        Damage("offers", "currency"),
        Damage("offer_analytics", "status"),
        Damage("price_history", "currency"),
        Damage("products", "sku")
    );
    const auto& projection = *projections::find_projection(name);
    house.open();
    REQUIRE(house.wait(name, house.log.head()));
    const auto file = house.projections().read_model(name).generation()->file();
    const auto& table = projection.tables.front().name;
    projections::open_for_writing(file)->exec("UPDATE " + table + " SET " + column + "='damaged'");
    RebuildOptions options;
    options.tenant = TenantId("acme");
    options.diff = true;
    const bool running = GENERATE(true, false);
    projections::RebuildReport report;
    if (running) {
        report = house.projections().rebuild(name, options);
    } else {
        house.close();
        report = rebuild_stopped(house.log, house.folder.path(), projection, options);
    }
    CHECK(report.switched);
    REQUIRE(report.comparison);
    CHECK(report.comparison->tables[0].different == 1);
    CHECK(report.comparison->examples[0].key.starts_with("acme/"));
    const auto rebuilt = projections::read_live_file(house.folder.path(), name)->file;
    const auto database = projections::open_for_reading(rebuilt);
    projections::MadeStatement select(
        *database, "SELECT tenant FROM " + table + " WHERE " + column + "='damaged'"
    );
    auto left = select->run();
    REQUIRE(left.next());
    CHECK(left.text(0) == "other");
    CHECK_FALSE(left.next());
    const auto audits = projections::audit(
        house.log, house.folder.path(), std::span<const projections::Projection>(&projection, 1)
    );
    CHECK(audits[0].complete());
}

TEST_CASE("a tenant of a read model that has no file yet cannot be rebuilt alone") {
    House house;
    house.log.add(offer_created("o1", "One"));
    RebuildOptions options;
    options.tenant = TenantId("acme");
    CHECK_THROWS_WITH(
        rebuild_stopped(house.log, house.folder.path(), offers(), options),
        Catch::Contains("no file")
    );
}

}  // namespace vitrine::tests
