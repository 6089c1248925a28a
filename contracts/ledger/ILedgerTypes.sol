// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What {ITerraLuminaOwnership} speaks of.
interface ILedgerTypes {
    /// @notice The life of a project. Only the edges listed beside each state exist.
    enum State {
        None, // never created
        Draft, // → Funding, → Active, → Closed: created, nothing sold
        Funding, // → Active, → Closed: the sale contract takes commitments; no unit exists
        Active, // ⇄ Paused, → ExitAnnounced: minted and transferred
        Paused, // ⇄ Active: neither minted nor transferred; claims go on
        ExitAnnounced, // → Exiting, → Active: notice is running, transfers go on, mints don't
        Exiting, // → Exited: only moves to the community DAO
        Exited, // for ever: every unit is at the community DAO
        Closed // for ever: the sale failed, no unit ever existed
    }

    /// @notice Who may call what often needs to be cheap; the rare calls are the access manager's. One role per address.
    enum Role {
        None,
        Minter, // key: sends mints; can't mint without a payment attestor's voucher
        PaymentAttestor, // key: signs vouchers; sends nothing
        IdentityAttestor, // key: signs attestations of identity; sends nothing
        Treasurer, // key: pays distributions into the vault
        Registrar, // contract: writes accounts and relinks wallets
        Vault, // contract: opens epochs and settles claims
        Sale, // contract: mints what was paid into its escrow
        Governor // contract: opens epochs for votes
    }

    /// @param cap Most units that can ever exist; fixed at creation, as are all terms but the metadata
    /// @param maxHolders Most addresses that may hold units at one time; 0 means no limit
    /// @param maxHolderBps Most that one holder may have, in basis points of `cap`; 0 means no limit
    /// @param lockDays Lock-up that mints of this project normally carry; informative, the mint's own day binds
    /// @param dailyMintCap Most units that vouchers can mint in one UTC day; see {setDailyMintCap}
    /// @param payoutToken ERC-20 in which returns are distributed
    /// @param treasury Where the proceeds of a sale on chain go; zero when there will be none
    /// @param exitTargetPerUnit Payout-token base units that each unit must have earned before an exit may begin: those
    /// paid since the newest units were minted
    /// @param buyOutPerUnit Payout-token base units per unit that buy the project out below the target; 0 means never
    /// @param metadataHash SHA-256 of the metadata document (the digest inside its CID)
    /// @param uri Where the metadata document is, e.g. ipfs://<cid>
    struct ProjectTerms {
        uint56 cap;
        uint32 maxHolders;
        uint16 maxHolderBps;
        uint16 lockDays;
        uint56 dailyMintCap;
        address payoutToken;
        address treasury;
        uint128 exitTargetPerUnit;
        uint128 buyOutPerUnit;
        bytes32 metadataHash;
        string uri;
    }

    /// @param flags Bit 0 may send, bit 1 may receive, bit 2 lock-ups don't bind what is sent to it (the issuer, an
    /// accredited investor: 17 CFR 227.501(a)), bit 3 frozen, bit 4 retired (set by {relinkWallet} only)
    /// @param expiry Unix second after which the account can no longer receive
    /// @param country ISO 3166-1 numeric code
    /// @param class Investor class the attestor gave (0 retail, 1 accredited, 2 institution)
    /// @param investorId The person or organisation behind the address; 0 is nobody
    struct Account {
        uint8 flags;
        uint40 expiry;
        uint16 country;
        uint8 class;
        uint64 investorId;
    }

    /// @notice The mint of one investment. Never changes; {lotOf} says where its units and their lock-up are now.
    struct Receipt {
        address investor;
        uint56 units;
        uint24 projectId;
        uint16 unlockDay;
    }

    /// @notice Where a lot stands besides its day; see {lotOf}.
    enum LotState {
        Open, // its day may still be to come
        Released, // freed one by one, or its day had come before the mint
        Reversed // taken back, its units burned
    }

    /// @notice One investment to mint.
    struct Order {
        bytes32 investmentId;
        address investor;
        uint56 units;
        uint16 unlockDay;
    }

    /// @notice A payment attestor's word that the orders are paid: EIP-712, see {hashOfMint}.
    /// @param deadline Unix second up to which it can be used
    /// @param signature 65 bytes, r ‖ s ‖ v with the lower s
    struct Voucher {
        uint40 deadline;
        bytes signature;
    }

    /// @notice Everything about a project in one answer; all zero when there is none. Members as in {ProjectTerms}.
    /// @param epoch Newest epoch opened
    /// @param holders Addresses with units now
    /// @param rules See {setRules}; zero when there are none
    struct Project {
        State state;
        uint56 cap;
        uint56 supply;
        uint24 epoch;
        uint32 holders;
        uint32 maxHolders;
        uint16 maxHolderBps;
        uint16 lockDays;
        uint56 dailyMintCap;
        address payoutToken;
        address treasury;
        uint128 exitTargetPerUnit;
        uint128 buyOutPerUnit;
        address rules;
        uint32 metadataVersion;
        bool metadataFrozen;
        bytes32 metadataHash;
    }

    /// @notice One holder in one project, besides the balance.
    /// @param locked Units of lots that are counted as locked and neither released nor cleared
    /// @param unlockDay On this day all of `locked` is free without anybody's doing
    /// @param clearedDay Lots with an unlock day up to this one no longer count in `locked`
    /// @param frozen Units that an enforcer froze; may exceed the balance
    /// @param claimed Last epoch whose payout is paid
    /// @param exited The exit took the units; they still measure what was earned up to its epoch
    /// @param carried Base units taken over from a wallet that was relinked here, not yet claimed
    struct Holding {
        uint256 balance;
        uint256 locked;
        uint256 unlockDay;
        uint256 clearedDay;
        uint256 frozen;
        uint256 claimed;
        bool exited;
        uint256 carried;
    }

    /// @param notBefore Unix second at which the exit may begin
    /// @param epoch Opened when it began: former holders earn up to it, the DAO after it
    struct Exit {
        address dao;
        uint40 notBefore;
        uint24 epoch;
    }
}
