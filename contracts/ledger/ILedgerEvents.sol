// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILedgerTypes} from "./ILedgerTypes.sol";

/// @title What {ITerraLuminaOwnership} tells, besides what ERC-1155 and ERC-7943 do.
interface ILedgerEvents is ILedgerTypes {
    /// @notice Terms that never change; the metadata follows in {MetadataSet}.
    event ProjectCreated(uint256 indexed projectId, ProjectTerms terms);
    /// @param reason Hash of whatever explains it; zero for the edges of sale and exit
    event ProjectStateChanged(uint256 indexed projectId, State state, bytes32 reason);
    /// @param units Most that vouchers can mint in one UTC day from now on
    event DailyMintCapSet(uint256 indexed projectId, uint256 units);
    /// @notice Zero means none from now on.
    event RulesSet(uint256 indexed projectId, address rules);
    /// @param blocked Bit n of word w stands for the ISO 3166-1 numeric code 256 w + n
    event CountriesSet(uint256 indexed projectId, uint256[4] blocked);
    /// @param version Counts from 1 in each project
    event MetadataSet(uint256 indexed projectId, uint256 version, bytes32 metadataHash, string uri);
    /// @notice This version is the last.
    event MetadataFrozen(uint256 indexed projectId, uint256 version);
    /// @notice Nothing moves from now on but claims, enforcement and relinks.
    event Paused(address account);
    /// @notice Mints, transfers and exit batches go on.
    event Unpaused(address account);
    /// @notice The account's only role from now on; None takes it away.
    event RoleSet(address indexed account, Role role);
    /// @notice The whole new record of an account, see {Account}.
    event AccountSet(
        address indexed account, uint8 flags, uint40 expiry, uint16 country, uint8 class, uint64 indexed investorId
    );
    /// @notice `from` is retired for ever; its holdings follow, project by project, in {HoldingMoved}.
    event WalletRelinked(uint64 indexed investorId, address indexed from, address indexed to);
    /// @notice A position went to the investor's new wallet with its lots and their dates.
    /// @param locked Units locked at `to` after the move, up to `unlockDay`
    /// @param carried Base units of unclaimed returns that `to` took over by this move
    event HoldingMoved(
        uint256 indexed projectId,
        address indexed from,
        address indexed to,
        uint256 units,
        uint256 locked,
        uint256 unlockDay,
        uint256 carried
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
    /// @notice The units of an investment were taken back and burned. It can never be minted again.
    event InvestmentReversed(
        bytes32 indexed investmentId, uint256 indexed projectId, address indexed holder, uint256 units, bytes32 reason
    );
    /// @notice A lot of a holder with several was freed before the last of them.
    event LotReleased(bytes32 indexed investmentId, uint256 indexed projectId, address indexed holder, uint256 units);
    /// @notice A lot went to another holder with its date, approved for `reason`.
    event LotMoved(
        bytes32 indexed investmentId, address indexed from, address indexed to, uint256 units, bytes32 reason
    );
    /// @notice Locked units moved, to an exempt account or by force, and their lock-up with them.
    /// @param units Locked units among those of the transfer that follows
    /// @param unlockDay The latest day of the sender's lots
    event LockCarried(
        uint256 indexed projectId, address indexed from, address indexed to, uint256 units, uint256 unlockDay
    );
    /// @param amount Base units shared by the units that existed; 0 when opened for a vote or an exit
    /// @param cumulativePerUnit Sum of all payouts per unit so far, times 2^64
    event EpochOpened(
        uint256 indexed projectId, uint256 indexed epoch, uint256 supply, uint256 amount, uint256 cumulativePerUnit
    );
    /// @param notBefore Unix second at which the exit may begin
    event ExitAnnounced(uint256 indexed projectId, address indexed communityDao, uint256 notBefore);
    /// @notice The project is active again as if nothing had been announced.
    event ExitCancelled(uint256 indexed projectId);
    /// @notice Transfers are over. `epoch` is the last one whose payout belongs to the former holders.
    event ExitBegun(uint256 indexed projectId, address indexed communityDao, uint256 epoch);
    /// @param remaining Units that are not yet at the community DAO; 0 proves that none is left out
    event ExitBatch(uint256 indexed projectId, uint256 holders, uint256 units, uint256 remaining);
    /// @notice Every unit is at the DAO, for ever.
    event ProjectExited(uint256 indexed projectId, address indexed communityDao, uint256 units);
}
