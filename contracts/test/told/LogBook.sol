// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IERC7943MultiToken} from "../../ledger/IERC7943MultiToken.sol";
import {ILedgerEvents} from "../../ledger/ILedgerEvents.sol";
import {ILedgerTypes} from "../../ledger/ILedgerTypes.sol";
import {Vm, vm} from "../Vm.sol";
import {ToldPeople, addressIn} from "./ToldPeople.sol";
import {ToldProjects} from "./ToldProjects.sol";
import {ToldReturns} from "./ToldReturns.sol";
import {ToldSales} from "./ToldSales.sol";

/// @dev Reads the events of ledger, vault, registrar and sale from the first one on, and answers what those contracts can
/// be asked: the same questions, so that answers can be held against each other.
contract LogBook is ToldPeople, ToldProjects, ToldReturns, ToldSales {
    bytes32[] public investmentIds;
    mapping(address => bool) private _followed;
    uint256 private _calls;
    /// @dev In which call units last left an account.
    mapping(address => uint256) private _left;

    /// @dev From here on its events count.
    function follow(address told) external {
        _followed[told] = true;
    }

    /// @dev What one call said, or several.
    /// @return count Events of the contracts that are followed
    function read() external returns (uint256 count) {
        ++_calls;
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (!_followed[logs[i].emitter]) continue;
            ++count;
            readPeople(logs[i]);
            readProject(logs[i]);
            readReturns(logs[i]);
            readSale(logs[i]);
            _readUnits(logs, i);
        }
    }

    /// @dev Fails unless a contract's answer is the book's own.
    function check(address shown, bytes calldata question) external view {
        (bool done, bytes memory answer) = shown.staticcall(question);
        (bool told, bytes memory expected) = address(this).staticcall(question);
        require(done && told && keccak256(answer) == keccak256(expected), string(question[:4]));
    }

    function investmentCount() external view returns (uint256) {
        return investmentIds.length;
    }

    /// @dev Present holder: where it was minted or moved to, and from there along the wallets; where an exit took it, it ends.
    function lotOf(bytes32 investmentId) external view returns (address holder, ILedgerTypes.LotState state) {
        Lot storage lot = lots[investmentId];
        (holder, state) = (lot.holder, lot.state);
        while (successorOf[holder] != address(0) && wasPassedOn(lot.receipt.projectId, holder)) {
            holder = successorOf[holder];
        }
    }

    function _readUnits(Vm.Log[] memory logs, uint256 i) private {
        (bytes32[] memory topics, bytes memory data) = (logs[i].topics, logs[i].data);
        bytes32 kind = topics[0];
        if (kind == IERC1155.TransferSingle.selector) {
            _readTransfer(logs, i);
        } else if (kind == IERC1155.TransferBatch.selector) {
            (uint256[] memory ids, uint256[] memory units) = abi.decode(data, (uint256[], uint256[]));
            for (uint256 j = 0; j < ids.length; ++j) {
                moveUnits(ids[j], addressIn(topics[2]), addressIn(topics[3]), units[j]);
            }
            _left[addressIn(topics[2])] = _calls;
        } else if (kind == ILedgerEvents.InvestmentMinted.selector) {
            (uint256 units, uint256 day) = abi.decode(data, (uint256, uint256));
            mintLot(
                topics[1],
                ILedgerTypes.Receipt(addressIn(topics[3]), uint56(units), uint24(uint256(topics[2])), uint16(day))
            );
            investmentIds.push(topics[1]);
            // What a sale settles doesn't count against the day.
            bool byMinter = roleOf[addressIn(logs[i - 1].topics[1])] == ILedgerTypes.Role.Minter;
            if (byMinter) countMint(uint256(topics[2]), units);
        } else if (kind == ILedgerEvents.InvestmentReversed.selector) {
            reverseLot(lots[topics[1]], addressIn(topics[3]));
        } else if (kind == ILedgerEvents.LotReleased.selector) {
            releaseLot(lots[topics[1]], addressIn(topics[3]));
        } else if (kind == ILedgerEvents.LotMoved.selector) {
            moveLot(lots[topics[1]], addressIn(topics[2]), addressIn(topics[3]));
        } else if (kind == ILedgerEvents.LockCarried.selector) {
            (uint256 units, uint256 day) = abi.decode(data, (uint256, uint256));
            carryLock(uint256(topics[1]), addressIn(topics[2]), addressIn(topics[3]), units, day);
        } else if (kind == ILedgerEvents.HoldingMoved.selector) {
            moveHolding(uint256(topics[1]), addressIn(topics[2]), addressIn(topics[3]), data);
        } else if (kind == IERC7943MultiToken.Frozen.selector) {
            (address account, uint256 id) = (addressIn(topics[1]), uint256(topics[2]));
            // ERC-7943: it comes before the event of the transfer that it makes room for.
            require(_left[account] != _calls, "frozen after the transfer");
            positions[id][account].frozen = abi.decode(data, (uint256));
        }
    }

    /// @dev While an exit runs nothing moves but to the DAO.
    function _readTransfer(Vm.Log[] memory logs, uint256 i) private {
        (address from, address to) = (addressIn(logs[i].topics[2]), addressIn(logs[i].topics[3]));
        (uint256 id, uint256 units) = abi.decode(logs[i].data, (uint256, uint256));
        _left[from] = _calls;
        if (i + 1 < logs.length && _explains(logs[i + 1])) return;
        if (isExiting(id)) takeExit(id, from, to, units);
        else moveUnits(id, from, to, units);
    }

    /// @dev What follows a transfer and says more about it. A holding without units moves without one.
    function _explains(Vm.Log memory next) private pure returns (bool) {
        bytes32 kind = next.topics[0];
        bool isOne = kind == ILedgerEvents.InvestmentMinted.selector || kind == ILedgerEvents.LotMoved.selector
            || kind == ILedgerEvents.InvestmentReversed.selector || kind == ILedgerEvents.HoldingMoved.selector;
        return isOne && abi.decode(next.data, (uint256)) != 0;
    }
}
