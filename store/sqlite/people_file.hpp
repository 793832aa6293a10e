#pragma once

#include <SQLiteCpp/Database.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "store/people_keys.hpp"
#include "store/sql/statement.hpp"

namespace vitrine::store::sqlite {

/// The tables of people.db. Keys come in and go out sealed. One thread at a time; several of these
/// may be open on one file.
class PeopleFile {
public:
    enum class Use { write, read };
    /// Throws std::runtime_error; nothing is there to be read: that too.
    PeopleFile(const std::filesystem::path& file, Use use);

    struct SealedKey {
        std::string id;
        PersonKeyName name;
        std::string sealed;
    };
    struct LookUp {
        TenantId tenant;
        std::string kind;
        std::string code;
        std::string person;
    };

    /// The root key, sealed by each master key that opens it.
    std::vector<std::string> roots();
    void add_root(const std::string& sealed);
    void keep_root(const std::string& sealed);  // and no other

    std::optional<SealedKey> find(const TenantId& tenant, std::string_view id);
    std::optional<SealedKey> current(const PersonKeyName& name);
    std::vector<SealedKey> keys_of(const TenantId& tenant, const std::string& person);
    bool lives(const TenantId& tenant, std::string_view id);

    /// One commit. A key of a name that has one already is not added.
    void add(
        const std::vector<SealedKey>& keys, const std::vector<LookUp>& look_ups, Timestamp now
    );
    std::vector<std::string> people_with(const LookUp& asked);
    std::vector<PeopleKeys::Code> codes_of(const TenantId& tenant, const std::string& person);

    bool is_erased(const TenantId& tenant, const std::string& person);
    /// Its keys and look-ups go with it, but for the contract key while it is kept; overwritten in
    /// the file and its WAL when this returns.
    void erase(const Erasure& erasure);
    std::vector<Erasure> erasures();
    std::optional<Erasure> erasure_of(const TenantId& tenant, const std::string& person);
    /// Keys kept no longer than `now`, and those of months before `month`. How many.
    std::size_t end_due(Timestamp now, const std::string& month);

    std::optional<std::string> pepper(const TenantId& tenant);  // sealed
    void add_pepper(const TenantId& tenant, const std::string& sealed);

    Position erased_through();
    void set_erased_through(Position position);
    PeopleKeys::Figures figures();

private:
    void overwrite_wal();

    /// Asked for each text that is sealed or opened: compiled once.
    struct Often {
        explicit Often(sqlite3* connection);
        Statement find, lives, current, keys_of, is_erased, add_key, add_look_up;
    };

    std::filesystem::path file_;  // named in what is thrown
    SQLite::Database connection_;
    Often often_;
};

}  // namespace vitrine::store::sqlite
