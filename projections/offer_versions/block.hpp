#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/ids.hpp"
#include "projections/offers/state.hpp"
#include "projections/payload.hpp"

namespace vitrine::projections {

/// Up to 16 versions of one offer that follow each other, in one text: a JSON array of
/// `{"position":…,"version":…,"changes":{…}}`, where the first `changes` has all members and each
/// later one those that its event changed. Of what is stored already only the key is held here.
class VersionBlock {
public:
    /// Nothing in it yet.
    VersionBlock() = default;
    /// Stored, beginning with that version.
    VersionBlock(Position valid_from, Version first)
        : valid_from_(valid_from), first_(first), is_stored_(true) {}

    /// False: the version begins the next block.
    bool takes(Version version) const;

    /// After the event that brought the offer to `state` by changing those members.
    void add(const OfferState& state, OfferMembers changed);

    Position valid_from() const { return valid_from_; }
    Version first() const { return first_; }

    /// The whole text or, if the block is stored, what follows its text without the closing
    /// bracket.
    const std::string& pending() const { return pending_; }
    bool is_stored() const { return is_stored_; }
    void stored();

    std::size_t bytes() const { return pending_.capacity(); }

private:
    Position valid_from_ = 0;  // of its first version
    Version first_ = 0;
    bool is_stored_ = false;
    std::string pending_;
};

/// Reads offers out of the texts of blocks. One thread uses it. Throws simdjson::simdjson_error for
/// what is no such text.
class BlockReader {
public:
    /// The state after the last version of the block for which `is_wanted(position, version)`;
    /// version 0: there is none.
    template <class IsWanted>
    OfferState read(std::string_view text, IsWanted is_wanted) {
        OfferState offer;
        json::array versions = payload_.open_array(text);
        for (auto element : versions) {
            json::object object = element.get_object();
            const Position position = object["position"].get_uint64();
            const Version version = object["version"].get_uint64();
            if (!is_wanted(position, version)) break;
            fold_.read(offer, raw_of(object["changes"]));
            offer.position = position;
            offer.version = version;
        }
        return offer;
    }

private:
    Payload payload_;
    OfferFold fold_;
};

}  // namespace vitrine::projections
