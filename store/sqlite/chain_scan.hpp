#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <map>
#include <string>
#include <vector>

#include "store/hash_chain.hpp"
#include "store/sql/statement.hpp"
#include "store/verify.hpp"

namespace vitrine::store::sqlite {

/// Follows the events in order of position: the chain of each tenant, positions and versions
/// without gaps, the noted heads.
class ChainScan {
public:
    /// `sparse`: positions may have gaps.
    ChainScan(sqlite3* connection, const std::vector<NotedHead>& heads, bool sparse);

    /// The next events up to `last`, at most `limit`; false: there are no more.
    bool advance(Position last, std::size_t limit);

    /// After the last one.
    void finish(VerifyReport& report) const;

    Position position() const { return position_; }

private:
    struct Chain {
        std::uint64_t events = 0;
        events::Hash head{};
    };

    void look_at(const Statement::Run& row);
    void check_version(std::string_view tenant, std::string_view stream, Version version);
    void look_for_heads(std::string_view tenant, const events::Hash& hash);
    void add_fault(std::string check, std::string detail);

    const std::vector<NotedHead>& heads_;
    bool sparse_;
    std::vector<bool> found_;  // of heads_
    std::map<std::string, Chain, std::less<>> chains_;
    boost::unordered_flat_map<std::uint64_t, Version> versions_;  // by hash of tenant and stream
    HashChain hasher_;
    Position position_ = 0;
    std::uint64_t events_ = 0;
    std::vector<LogFault> faults_;
    std::string key_;
    Statement scan_, version_before_;
};

}  // namespace vitrine::store::sqlite
