#include <rapidcheck.h>

#include "projections/audit.hpp"
#include "projections/builder.hpp"
#include "projections/compare.hpp"
#include "projections/sql.hpp"
#include "tests/projections/history_generator.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::tests {
namespace {

using projections::Applier;

/// Applies the log in random batches; the process dies at random between two of them, and some
/// batches come twice.
void apply_in_pieces(const ModelFile& model, Log& log) {
    std::optional<Applier> applier;
    Position done = 0;
    int deaths = *rc::gen::inRange(0, 6);
    while (done < log.head()) {
        if (!applier || (deaths > 0 && *rc::gen::inRange(0, 4) == 0)) {
            if (applier) --deaths;
            applier.reset();
            const auto cache = *rc::gen::element<std::size_t>(0, 1 << 20);
            applier.emplace(log, model.file(), model.projection(), cache);
            done = applier->position();
        }
        const auto from = done - std::min<Position>(done, *rc::gen::inRange<Position>(0, 4));
        const auto upto = std::min(log.head(), done + *rc::gen::inRange<Position>(1, 6));
        const auto events = log.read_all(from + 1, {}, upto - from, store::Direction::forwards);
        applier->apply(events, upto);
        done = upto;
    }
}

/// Hands the last events to the projector again, past the checkpoint, as if it had been lost.
void repeat_without_checkpoint(const ModelFile& model, Log& log) {
    const auto database = projections::open_for_writing(model.file());
    const auto projector = model.projection().open(*database, projections::Tables::filled);
    store::Filter wanted;
    wanted.types = model.projection().event_types;
    for (const auto& event : log.read_all(1, wanted, log.head(), store::Direction::forwards)) {
        projector->apply(event);
        if (*rc::gen::arbitrary<bool>()) projector->apply(event);
    }
    projector->write();
}

std::filesystem::path built(
    const ModelFile& model, Log& log, const TemporaryFolder& folder, std::size_t memory
) {
    const auto file = folder.path() / "built.db";
    projections::RebuildOptions options;
    options.memory = memory;
    const auto result = projections::build_model_file(log, file, model.projection(), options);
    RC_ASSERT(result.position == log.head());
    return file;
}

void require_equal(const ModelFile& model, const std::filesystem::path& rebuilt) {
    const auto comparison = projections::compare(model.projection(), model.file(), rebuilt);
    for (const auto& row : comparison.examples) {
        RC_LOG() << row.table << ' ' << row.key << ' ' << row.column << ": " << row.live << " / "
                 << row.rebuilt << '\n';
    }
    RC_ASSERT(comparison.equal());
    for (const auto& table : comparison.tables) {
        RC_ASSERT(table.live_digest == table.rebuilt_digest);
    }
}

/// Every event is accounted for, by count and digest.
void require_complete(
    const std::filesystem::path& file, const projections::Projection& projection, Log& log
) {
    const auto database = projections::open_for_reading(file);
    RC_ASSERT(
        projections::read_tallies(*database) ==
        projections::tallies_of_log(log, projection, log.head())
    );
}

void incremental_equals_rebuilt(Log& log, const std::string& projection) {
    const ModelFile model(projection);
    apply_in_pieces(model, log);
    const TemporaryFolder folder;
    const auto memory = *rc::gen::element<std::size_t>(0, 3000, 1 << 30);
    require_equal(model, built(model, log, folder, memory));
    require_complete(model.file(), model.projection(), log);
    require_complete(folder.path() / "built.db", model.projection(), log);
    repeat_without_checkpoint(model, log);
    require_equal(model, folder.path() / "built.db");
}

}  // namespace

TEST_CASE("incremental equals rebuilt, row by row, with restarts and repeats") {
    CHECK(rc::check("incremental equals rebuilt", [] {
        Log log;
        HistoryGenerator generator(log);
        const auto steps = *rc::gen::inRange(0, 40);
        for (int i = 0; i < steps; ++i) generator.step();
        for (const auto& projection : projections::every_projection()) {
            incremental_equals_rebuilt(log, projection.name);
        }
    }));
}

TEST_CASE("a comparison finds what was changed, added and taken away") {
    Log log;
    log.add(offer_created("o1", "One"));
    log.add(offer_created("o2", "Two"));
    ModelFile live("offers");
    ModelFile rebuilt("offers");
    live.follow(log);
    rebuilt.follow(log);
    REQUIRE(projections::compare(live.projection(), live.file(), rebuilt.file()).equal());
    {
        const auto database = projections::open_for_writing(live.file());
        database->exec("UPDATE offers SET status='paused' WHERE offer_id='o1'");
        database->exec("DELETE FROM offers WHERE offer_id='o2'");
        database->exec(
            "INSERT INTO offers SELECT tenant,'o3',slug,status,type,name,search,currency,"
            "created_at,updated_at,version,position,product_count,clubify_offer_id,body"
            " FROM offers WHERE offer_id='o1'"
        );
    }
    const auto found = projections::compare(live.projection(), live.file(), rebuilt.file());
    CHECK_FALSE(found.equal());
    CHECK(found.tables[0].different == 1);
    CHECK(found.tables[0].only_live == 1);
    CHECK(found.tables[0].only_rebuilt == 1);
    CHECK(found.tables[0].live_digest != found.tables[0].rebuilt_digest);
    REQUIRE(found.examples.size() == 3);
    CHECK(found.examples[0].key == "acme/o1");
    CHECK(found.examples[0].column == "status");
    CHECK(found.examples[0].live == "paused");
    CHECK(found.examples[0].rebuilt == "draft");
}

}  // namespace vitrine::tests
