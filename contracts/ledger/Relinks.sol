// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {ERC1155Utils} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Utils.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IS_FROZEN, IS_RETIRED, KNOWN_FLAGS, MAX_LIST, MAY_RECEIVE} from "./Codes.sol";
import {Epochs} from "./Epochs.sol";
import {IERC7943MultiToken} from "./IERC7943MultiToken.sol";
import {ILedgerErrors} from "./ILedgerErrors.sol";
import {ILedgerEvents} from "./ILedgerEvents.sol";
import {ILedgerTypes} from "./ILedgerTypes.sol";
import {Position, PositionWord} from "./Position.sol";
import {ProjectWord} from "./ProjectWord.sol";
import {States} from "./States.sol";
import {Store} from "./Store.sol";

/// @title Accounts, and an investor's change of wallet. Linked, because it is called rarely.
/// @dev A change retires the old wallet at once. Holdings follow one by one: each goes whole, with its lots and dates,
/// its frozen units and its unclaimed money. Lots aren't rewritten: {Lots-holderOf} follows the wallets.
library Relinks {
    /// @notice See {ITerraLuminaOwnership-setAccount}.
    function setAccount(Store storage store, address account, ILedgerTypes.Account calldata record)
        external
    {
        if (account == address(0)) revert IERC1155Errors.ERC1155InvalidReceiver(account);
        if (record.flags > KNOWN_FLAGS) revert ILedgerErrors.InvalidFlags(record.flags);
        if (store.accounts[account].flags & IS_RETIRED != 0) revert ILedgerErrors.AccountRetired(account);
        _set(store, account, record);
    }

    /// @notice See {ITerraLuminaOwnership-relinkWallet}.
    function relink(
        Store storage store,
        address from,
        address to,
        ILedgerTypes.Account calldata record
    ) external {
        ILedgerTypes.Account memory old = store.accounts[from];
        ILedgerTypes.Account memory present = store.accounts[to];
        if (old.flags & IS_RETIRED != 0) revert ILedgerErrors.AccountRetired(from);
        if (present.flags & IS_RETIRED != 0) revert ILedgerErrors.AccountRetired(to);
        if (record.flags > KNOWN_FLAGS) revert ILedgerErrors.InvalidFlags(record.flags);
        if (
            from == to || to == address(0) || old.investorId == 0 || old.investorId != record.investorId
                || present.investorId != 0 && present.investorId != record.investorId
                || record.flags & MAY_RECEIVE == 0
                // A new wallet is no way out of a freeze, whichever of the two is frozen.
                || (old.flags | present.flags) & IS_FROZEN & ~record.flags != 0
        ) revert ILedgerErrors.InvalidRelink(from, to);
        old.flags = IS_RETIRED;
        _set(store, from, old);
        _set(store, to, record);
        store.successors[from] = to;
        emit ILedgerEvents.WalletRelinked(record.investorId, from, to);
    }

    /// @notice See {ITerraLuminaOwnership-moveHoldings}.
    function moveMany(Store storage store, address from, uint256[] calldata projectIds) external {
        if (projectIds.length > MAX_LIST) revert ILedgerErrors.TooMany(projectIds.length, MAX_LIST);
        address to = store.successors[from];
        if (to == address(0)) revert ILedgerErrors.InvalidRelink(from, to);
        // Straight to the last wallet of the line, with all between: what came to a retired one late would stay there.
        while (store.successors[to] != address(0)) to = store.successors[to];
        for (uint256 i = 0; i < projectIds.length; ++i) {
            for (address wallet = from; wallet != to; wallet = store.successors[wallet]) {
                _move(store, projectIds[i], wallet, to);
            }
        }
    }

    function _move(Store storage store, uint256 projectId, address from, address to) private {
        Position sender = store.positions[projectId][from].word;
        if (sender.isFresh() || sender.isMoved()) return;
        uint256 last = Epochs.lastOf(store, projectId, sender);
        uint256 carried = Epochs.due(store, projectId, from, sender, last);
        Position receiver = store.positions[projectId][to].word;
        if (carried != 0) {
            delete store.carried[projectId][from];
            store.carried[projectId][to] += carried;
            receiver = receiver.withCarried(true);
        }
        uint256 units = 0;
        if (!sender.isExited()) {
            units = sender.balance();
            if (units != 0) States.requireNotExiting(store, projectId);
            // What an exit took stays as it is: the measure of what it earned.
            if (!receiver.isExited()) (sender, receiver) = _merge(store, projectId, from, to, sender, receiver);
        }
        store.positions[projectId][from].word = sender.withClaimed(last).withCarried(false).asMoved();
        store.positions[projectId][to].word = receiver;
        if (units != 0) emit IERC1155.TransferSingle(msg.sender, from, to, projectId, units);
        emit ILedgerEvents.HoldingMoved(projectId, from, to, units, receiver.locked(), receiver.unlockDay(), carried);
        if (units != 0) ERC1155Utils.checkOnERC1155Received(msg.sender, from, to, projectId, units, "");
    }

    function _merge(
        Store storage store,
        uint256 projectId,
        address from,
        address to,
        Position sender,
        Position receiver
    ) private returns (Position, Position) {
        ProjectWord project = store.projects[projectId];
        sender = Epochs.remember(store, projectId, from, sender, project.epoch());
        receiver = Epochs.remember(store, projectId, to, receiver, project.epoch());
        receiver = _mergeLocks(projectId, from, to, sender, receiver);
        receiver = _mergeFrozen(projectId, from, to, sender, receiver);
        uint256 before = receiver.balance();
        if (sender.balance() != 0 && before != 0) {
            store.projects[projectId] = project.withHolders(project.holders() - 1);
        }
        receiver = receiver.withBalance(before + sender.balance());
        return (sender.withBalance(0).withFrozen(0).withLocks(0, 0, 0), receiver);
    }

    function _mergeFrozen(uint256 projectId, address from, address to, Position sender, Position receiver)
        private
        returns (Position)
    {
        if (sender.frozen() == 0) return receiver;
        uint256 frozen = Math.min(sender.frozen() + receiver.frozen(), PositionWord.MAX_UNITS);
        emit IERC7943MultiToken.Frozen(from, projectId, 0);
        emit IERC7943MultiToken.Frozen(to, projectId, frozen);
        return receiver.withFrozen(frozen);
    }

    /// @dev A position knows its lots by one sum and two days: two of them can be joined where one had none, or where one's
    /// are over. In the second case none of the lots whose day has come is released one by one any more.
    function _mergeLocks(uint256 projectId, address from, address to, Position sender, Position receiver)
        private
        view
        returns (Position)
    {
        if (sender.hasNoLockups()) return receiver;
        if (receiver.hasNoLockups()) {
            return receiver.withLocks(sender.locked(), sender.unlockDay(), sender.clearedDay());
        }
        uint256 today = block.timestamp / 1 days;
        (sender, receiver) = (sender.clearedOn(today), receiver.clearedOn(today));
        if (sender.locked() != 0 && receiver.locked() != 0) {
            revert ILedgerErrors.LockupsCollide(projectId, from, to);
        }
        uint256 cleared = Math.max(today, Math.max(sender.clearedDay(), receiver.clearedDay()));
        uint256 unlockDay = Math.max(sender.unlockDay(), receiver.unlockDay());
        return receiver.withLocks(sender.locked() + receiver.locked(), unlockDay, cleared);
    }

    function _set(Store storage store, address account, ILedgerTypes.Account memory record) private {
        store.accounts[account] = record;
        emit ILedgerEvents.AccountSet(
            account, record.flags, record.expiry, record.country, record.class, record.investorId
        );
    }
}
