#pragma once

#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "projections/offers/state.hpp"
#include "projections/sql.hpp"

namespace vitrine::projections {

constexpr std::size_t versions_of_a_block = 16;

/// Up to 16 versions of one offer that follow each other; an event that operators gave up leaves a
/// gap, and what is after it begins another block. Each has a row of its own, in the order
/// of the log: the first with all members, each later one with those that its event changed. The
/// block itself is the list of their positions, a text: "12,345,678".
class VersionBlock {
public:
    /// Nothing in it yet.
    VersionBlock() = default;
    /// Stored, from that version to before `next`.
    VersionBlock(Position valid_from, Version first, Version next)
        : valid_from_(valid_from), first_(first), next_(next), is_stored_(true) {}

    /// False: the version begins the next block.
    bool takes(Version version) const;

    void begin(Position position, Version version);
    void add(Position position);

    Position valid_from() const { return valid_from_; }
    Version first() const { return first_; }

    /// The whole text or, if the block is stored, what follows its text.
    std::string pending() const;
    bool has_pending() const { return !pending_.empty(); }
    bool is_stored() const { return is_stored_; }
    void stored();

private:
    Position valid_from_ = 0;       // of its first version
    Version first_ = 0, next_ = 0;  // 0: nothing in it
    bool is_stored_ = false;
    boost::container::static_vector<Position, versions_of_a_block> pending_;  // not stored yet
};

/// Of a block's text. Throws std::runtime_error for what is none.
std::vector<Position> positions_of(std::string_view block);

/// The look-up that BlockReader makes: recorded_at and changes by position.
constexpr const char* version_at =
    "SELECT recorded_at,changes FROM offer_versions WHERE position=?";

/// Reads offers out of the rows of versions. One thread uses it. Throws simdjson::simdjson_error
/// or std::runtime_error for what are no such rows.
class BlockReader {
public:
    /// The offer after the last of the versions, which begin a block with version `first`.
    /// `lookup` is the statement of `version_at`.
    OfferState read(const std::vector<Position>& positions, Version first, Statement& lookup);

private:
    OfferFold fold_;
};

}  // namespace vitrine::projections
