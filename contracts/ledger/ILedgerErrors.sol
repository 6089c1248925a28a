// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILedgerTypes} from "./ILedgerTypes.sol";

/// @title Why {ITerraLuminaOwnership} refuses.
interface ILedgerErrors is ILedgerTypes {
    /// @notice The ledger is paused.
    error EnforcedPause();
    /// @notice There is one vault, for ever.
    error VaultIsFixed(address account);
    /// @notice The zero address has no role; and the vault's is for a contract that names this ledger as its own.
    error InvalidRole(address account, Role role);
    /// @notice Only an account with this role may call it.
    error MissingRole(address account, Role role);
    /// @notice Ids are used once.
    error ProjectAlreadyExists(uint256 projectId);
    /// @notice No project was created under this id.
    error ProjectNotFound(uint256 projectId);
    /// @notice The member of {ProjectTerms} named here (or `projectId`) is empty or out of range, the payout token is no
    /// contract, or the treasury is the ledger or its vault, which money could never leave.
    error InvalidTerms(string member);
    /// @notice There is no such edge in {State}.
    error InvalidStateChange(uint256 projectId, State from, State to);
    /// @notice The deed isn't possible in the project's present state.
    error WrongState(uint256 projectId, State state);
    /// @param version The last one, for ever
    error MetadataIsFrozen(uint256 projectId, uint256 version);
    /// @notice It is no contract.
    error InvalidRules(address rules);
    /// @notice This investment was minted with other arguments.
    error InvestmentConflict(bytes32 investmentId);
    /// @notice Zero is no investment.
    error InvalidInvestmentId();
    /// @param investmentId Of the order; zero for a forced transfer
    error ZeroUnits(bytes32 investmentId);
    /// @param deadline Unix second up to which it could be used
    error SignatureExpired(uint256 deadline);
    /// @notice Nobody with the role signed these very orders for this ledger on this chain.
    /// @param recovered Who signed something, if not this; zero when it is no signature at all
    error InvalidVoucher(address recovered);
    /// @notice The owner didn't sign this approval, or it was used.
    error InvalidPermit(address owner);
    /// @param code See {detectTransferRestriction}
    /// @param limit What the rule compares with: state (2, 12), expiry (5), unlock day (7), most holders (8),
    /// most units (9), country (10), cap (13), daily cap (15); otherwise 0
    error TransferRestricted(
        uint8 code, address from, address to, uint256 projectId, uint256 units, uint256 limit
    );
    /// @param unlockDay First day on which it can be released
    error LotStillLocked(bytes32 investmentId, uint256 unlockDay);
    /// @notice Nothing was minted under this id.
    error UnknownInvestment(bytes32 investmentId);
    /// @notice Its units were taken back for good.
    error InvestmentIsReversed(bytes32 investmentId);
    /// @notice It would move nothing and lower the frozen units all the same.
    error SelfForcedTransfer();
    /// @notice It was relinked to another wallet and can't be used again.
    error AccountRetired(address account);
    /// @notice The new wallet is the old one, is retired, frozen, another investor's or may not receive.
    error InvalidRelink(address from, address to);
    /// @notice The account's record has flags that a registrar can't set.
    error InvalidFlags(uint8 flags);
    /// @notice Lock-ups of both wallets are running in the project; possible when those of one are over. Until then its returns
    /// are paid to the new wallet all the same, see {settleClaim}.
    error LockupsCollide(uint256 projectId, address from, address to);
    /// @notice Nobody holds a unit, so nobody can share a payout.
    error NoUnits(uint256 projectId);
    /// @notice It is no contract, or its ERC-1155 hook doesn't accept.
    error DaoCannotReceive(address dao);
    /// @param earliest Now plus {minNoticeSeconds}
    error NoticeTooShort(uint256 notBefore, uint256 earliest);
    /// @param until Unix second at which the notice is over
    error NoticeRunning(uint256 projectId, uint256 until);
    /// @param have Payout-token base units that each unit has earned since the last mint, or is bought out with
    error ExitTargetNotMet(uint256 projectId, uint256 have, uint256 need);
    /// @param remaining Units that are not at the DAO yet
    error ExitIncomplete(uint256 projectId, uint256 remaining);
    /// @notice Its money waits until it is free again.
    error AccountIsFrozen(address account);
    /// @notice A list has no room for more.
    error TooMany(uint256 given, uint256 limit);
    /// @notice For the contract's calls to itself.
    error OnlySelf();
    /// @notice A batch ran so low on gas that a receiver would fail for that reason alone.
    /// @param needed Gas that must be left before each of its calls
    error NotEnoughGas(uint256 needed);
}
