// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The ledger of units: who holds how many units of which project.
/// @notice Everything a caller, an indexer or an auditor needs to know stands here; the contract only says how.
/// Units are whole (no decimals). Days are days since 1970-01-01 UTC; times are unix seconds.
interface ITerraLuminaOwnership {
    /// @notice The life of a project. Only the edges listed beside each state exist.
    enum State {
        None, // never created
        Draft, // → Active: created, nothing minted yet
        Active, // ⇄ Paused, → ExitAnnounced: minted and transferred
        Paused, // ⇄ Active: neither minted nor transferred; claims go on
        ExitAnnounced, // → Exiting, → Active: notice is running, transfers go on, mints don't
        Exiting, // → Exited: only moves to the community DAO
        Exited // for ever: every unit is at the community DAO
    }

    /// @param cap Most units that can ever exist; fixed at creation
    /// @param maxHolders Most addresses that may hold units at one time; 0 means no limit
    /// @param lockDays Lock-up that mints of this project normally carry; informative, the mint's own day binds
    /// @param payoutToken ERC-20 in which returns are distributed
    /// @param exitTargetPerUnit Payout-token base units that each unit must have earned before an exit may begin
    /// @param metadataHash SHA-256 of the metadata document (the digest inside its CID)
    /// @param uri Where the metadata document is, e.g. ipfs://<cid>
    struct ProjectTerms {
        uint56 cap;
        uint32 maxHolders;
        uint16 lockDays;
        address payoutToken;
        uint128 exitTargetPerUnit;
        bytes32 metadataHash;
        string uri;
    }

    /// @param flags Bit 0 may send, bit 1 may receive, bit 2 exempt from lock-ups, bit 3 frozen
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

    /// @notice The mint of one investment.
    struct Receipt {
        address investor;
        uint56 units;
        uint24 projectId;
        uint16 unlockDay;
    }

    /// @notice One investment to mint.
    struct Order {
        bytes32 investmentId;
        address investor;
        uint56 units;
        uint16 unlockDay;
    }

    struct Project {
        State state;
        uint56 cap;
        uint56 supply;
        uint24 epoch;
        uint32 holders;
        uint32 maxHolders;
        uint16 lockDays;
        address payoutToken;
        uint128 exitTargetPerUnit;
        bytes32 metadataHash;
    }

    struct Exit {
        address dao;
        uint40 notBefore;
        uint24 epoch;
    }

    event ProjectCreated(
        uint256 indexed projectId,
        uint256 cap,
        uint256 maxHolders,
        uint256 lockDays,
        address payoutToken,
        uint256 exitTargetPerUnit
    );
    event ProjectStateChanged(uint256 indexed projectId, State state, bytes32 reason);
    event MetadataSet(uint256 indexed projectId, uint256 version, bytes32 metadataHash, string uri);
    event AccountSet(
        address indexed account, uint8 flags, uint40 expiry, uint16 country, uint8 class, uint64 indexed investorId
    );
    /// @param investmentId The off-chain investment; can be minted once only
    /// @param unlockDay First day on which the units may move; 0 means no lock-up
    event InvestmentMinted(
        bytes32 indexed investmentId,
        uint256 indexed projectId,
        address indexed investor,
        uint256 units,
        uint256 unlockDay
    );
    /// @notice An order of a batch that was left out; `reason` is a restriction code.
    event InvestmentSkipped(bytes32 indexed investmentId, uint256 indexed projectId, uint8 reason);
    event LotReleased(bytes32 indexed investmentId, uint256 indexed projectId, address indexed holder, uint256 units);
    /// @param cumulativePerUnit Sum of all payouts per unit so far, times 2^64
    event EpochOpened(
        uint256 indexed projectId, uint256 indexed epoch, uint256 supply, uint256 amount, uint256 cumulativePerUnit
    );
    event ExitAnnounced(uint256 indexed projectId, address indexed communityDao, uint256 notBefore);
    event ExitCancelled(uint256 indexed projectId);
    event ExitBegun(uint256 indexed projectId, address indexed communityDao, uint256 epoch);
    /// @param remaining Units that are not yet at the community DAO; 0 proves that none is left out
    event ExitBatch(uint256 indexed projectId, uint256 holders, uint256 units, uint256 remaining);
    event ProjectExited(uint256 indexed projectId, address indexed communityDao, uint256 units);

    error ProjectAlreadyExists(uint256 projectId);
    error ProjectNotFound(uint256 projectId);
    error InvalidTerms();
    error InvalidStateChange(uint256 projectId, State from, State to);
    error InvestmentConflict(bytes32 investmentId);
    error InvalidInvestmentId();
    error ZeroUnits();
    error SupplyCapExceeded(uint256 projectId, uint256 cap, uint256 asked);
    /// @param code See {detectTransferRestriction}
    error TransferRestricted(uint8 code, address from, address to, uint256 projectId, uint256 units);
    error LotStillLocked(bytes32 investmentId, uint256 unlockDay);
    error UnknownInvestment(bytes32 investmentId);
    error NoUnits(uint256 projectId);
    error DaoCannotReceive(address dao);
    error NoticeTooShort(uint256 notBefore, uint256 earliest);
    error NoticeRunning(uint256 projectId, uint256 until);
    error ExitTargetNotMet(uint256 projectId, uint256 have, uint256 need);
    error ExitIncomplete(uint256 projectId, uint256 remaining);
    /// @notice The deed isn't possible in the project's present state.
    error WrongState(uint256 projectId, State state);
    error AccountIsFrozen(address account);
    error TooManyOrders(uint256 orders, uint256 limit);
    error OnlySelf();
    /// @notice A batch ran so low on gas that a receiver would fail for that reason alone.
    error NotEnoughGas();

    /// @notice Creates a project in state Active. Once only per id.
    function createProject(uint24 projectId, ProjectTerms calldata terms) external;

    /// @notice Active ⇄ Paused only; the exit has its own functions.
    function setProjectState(uint24 projectId, State state, bytes32 reason) external;

    /// @notice Writes account records; the registrar's job.
    function setAccount(address account, Account calldata record) external;

    /// @notice Mints one paid investment. The identical call again changes nothing and returns false;
    /// the same id with other arguments reverts {InvestmentConflict}.
    function mintInvestment(
        bytes32 investmentId,
        uint24 projectId,
        address investor,
        uint56 units,
        uint16 unlockDay
    ) external returns (bool minted);

    /// @notice Mints many. An ineligible order is skipped with its reason, never reverting the others.
    /// @return mintedBitmap Bit i is set when order i was minted by this call; at most 256 orders
    function mintInvestments(uint24 projectId, Order[] calldata orders) external returns (uint256 mintedBitmap);

    /// @notice Frees lots whose day has come, for holders of several lots. Anyone may call it.
    function release(bytes32[] calldata investmentIds) external;

    /// @notice Opens a new epoch: balances up to here share `amount`. The vault's job, in the transaction that takes the money.
    function openEpoch(uint24 projectId, uint256 amount) external returns (uint24 epoch);

    /// @notice Marks everything `holder` can claim as claimed and returns it. The vault's job.
    /// `payoutToken` is zero when nothing is due. Refuses a frozen account with {AccountIsFrozen}: its money waits.
    function settleClaim(uint24 projectId, address holder)
        external
        returns (uint256 amount, uint24 uptoEpoch, address payoutToken);

    /// @notice Starts the notice of an exit. Refuses a DAO that can't receive ERC-1155.
    function announceExit(uint24 projectId, address communityDao, uint40 notBefore) external;
    function cancelExit(uint24 projectId) external;

    /// @notice Stops transfers for ever and lets holdings be moved. Needs the notice over and the exit target met.
    function beginExit(uint24 projectId) external;

    /// @notice Moves the listed holders' units to the community DAO. Anyone may call it, in any order, repeatedly.
    /// @return remaining Units not yet at the DAO
    function exitBatch(uint24 projectId, address[] calldata holders) external returns (uint256 remaining);

    /// @notice Ends the exit; possible only when no unit is left outside the DAO.
    function finalizeExit(uint24 projectId) external;

    function setMetadata(uint24 projectId, bytes32 metadataHash, string calldata uri) external;
    function pause() external;
    function unpause() external;

    /// @notice 0 ok, 1 paused, 2 project state, 3 sender blocked, 4 receiver not eligible, 5 receiver expired,
    /// 6 frozen, 7 locked, 8 holder cap, 9 max balance, 10 country, 11 operator blocked, 12 exit running,
    /// 13 supply cap (mints only), 14 receiver contract refuses (mints only; {InvestmentSkipped}, never this view).
    /// Stable and append-only. Never reverts. Not 0 exactly when a transfer would be refused for such a reason.
    /// `from` zero asks about a mint.
    function detectTransferRestriction(address from, address to, uint256 projectId, uint256 units)
        external
        view
        returns (uint8 code);
    function messageForTransferRestriction(uint8 code) external pure returns (string memory);

    function projectOf(uint256 projectId) external view returns (Project memory);
    function accountOf(address account) external view returns (Account memory);
    function receiptOf(bytes32 investmentId) external view returns (Receipt memory);
    function exitOf(uint256 projectId) external view returns (Exit memory);
    function totalSupply(uint256 projectId) external view returns (uint256);
    function exists(uint256 projectId) external view returns (bool);
    function holderCount(uint256 projectId) external view returns (uint256);

    /// @notice Units of `holder` that may move now, lock-ups taken off.
    function movableOf(address holder, uint256 projectId) external view returns (uint256);

    /// @notice Units that `holder` had when `epoch` opened (epochs count from 1).
    function balanceAt(address holder, uint256 projectId, uint24 epoch) external view returns (uint256);
    function supplyAt(uint256 projectId, uint24 epoch) external view returns (uint256);

    /// @notice Sum of all payouts per unit up to and including `epoch`, times 2^64.
    function cumulativeAt(uint256 projectId, uint24 epoch) external view returns (uint256);
    function payoutTokenOf(uint256 projectId) external view returns (address);

    /// @notice Shortest time between the announcement and the beginning of an exit.
    function minNoticeSeconds() external view returns (uint40);

    /// @notice Payout-token base units that `holder` could claim now: the sum over unclaimed epochs of
    /// balance × payout per unit, exact to 2^-64, rounded down once per claim. The fraction stays in the vault.
    function claimableOf(uint256 projectId, address holder) external view returns (uint256);
}
